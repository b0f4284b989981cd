import { isSecret } from "../config/lookup.ts";

/** So many characters of a value are shown. */
const LONGEST = 60;

/** A value of `config.yaml` on one line, for a plan or a warning: secrets are hidden, long ones cut. */
export function shownValue(path: readonly string[], value: unknown): string {
  if (path.some((name) => isSecret([name]))) return "(secret)";
  const hide = (name: string, inner: unknown) => {
    if (typeof inner === "bigint") return String(inner);
    return name !== "" && isSecret([name]) && typeof inner !== "object" ? "(secret)" : inner;
  };
  const text = JSON.stringify(value, hide) ?? "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
