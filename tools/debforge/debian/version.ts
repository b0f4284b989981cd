/** Debian's order of versions (deb-version(7)) and how a Debian version becomes one of conda's. */

interface Parts {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

function split(version: string): Parts {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? "" : rest.slice(dash + 1),
  };
}

/** `~` sorts before everything, even the end; letters before all other signs. */
function weight(sign: string): number {
  if (sign === "~") return -1;
  if (sign === "") return 0;
  return /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weight(a.charAt(index)) - weight(b.charAt(index));
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const left: string[] = a.match(/\d+|\D+/g) ?? [];
  const right: string[] = b.match(/\d+|\D+/g) ?? [];
  // Both lists must start with a non-number, so that text meets text and number meets number.
  if (/^\d/.test(a)) left.unshift("");
  if (/^\d/.test(b)) right.unshift("");
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const x = left[index] ?? "";
    const y = right[index] ?? "";
    const result =
      index % 2 === 0 ? compareText(x, y) : Math.sign(Number(x || "0") - Number(y || "0"));
    if (result !== 0) return result;
  }
  return 0;
}

/** -1, 0 or 1, as dpkg orders two versions. */
export function compareVersions(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  return (
    Math.sign(left.epoch - right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

export type Operator = "<<" | "<=" | "=" | ">=" | ">>";

export function satisfies(version: string, operator: Operator, wanted: string): boolean {
  const order = compareVersions(version, wanted);
  if (operator === "<<") return order < 0;
  if (operator === "<=") return order <= 0;
  if (operator === "=") return order === 0;
  if (operator === ">=") return order >= 0;
  return order > 0;
}

/** The upstream version without what Debian's repacking added to it. */
export function condaVersion(version: string): string {
  return split(version)
    .upstream.replace(/^.*[+.]really\.?(?=\d)/, "")
    .replace(/[+~]+(dfsg|ds|cs|repack|debian|deb\d).*$/, "")
    .replace(/\+~.*$/, "")
    .replace(/^0~(?=\d)/, "")
    .replace(/~(\d.*)?$/, "")
    .replace(/~/g, "")
    .replace(/^0*(?=\d)/, "")
    .replace(/-/g, "_")
    .toLowerCase();
}

/**
 * A Debian constraint as a conda version spec. Conda versions have no Debian revision, so a strict
 * bound on a revision becomes a bound that includes the version.
 */
export function condaConstraint(operator: Operator, version: string): string {
  const mapped = condaVersion(version);
  const revised = /-[^-]+$/.test(version) && !/-0?~?$/.test(version);
  if (operator === "=") return `==${mapped}`;
  if (operator === "<<") return revised ? `<=${mapped}` : `<${mapped}`;
  if (operator === ">>") return revised ? `>=${mapped}` : `>${mapped}`;
  return `${operator}${mapped}`;
}
