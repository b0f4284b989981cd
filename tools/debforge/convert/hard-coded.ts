import { type PackageFile, PLACEHOLDER } from "../channel/model.ts";
import { SITE_PACKAGES } from "./layout.ts";

/** Files that name system folders on purpose. */
const LEFT_ALONE = [
  new RegExp(`^${SITE_PACKAGES}/(pip|setuptools)/`),
  new RegExp(`^${SITE_PACKAGES}/jupyter_core/paths\\.py$`),
  /\/site\.py$/,
  /\.(dist|egg)-info\//,
  /\/tests?\//,
];
const TEXT = /(\.(py|json|html|j2|tpl|sh|cfg|ini|toml|css)|^bin\/[^/.]+)$/;
const SYSTEM_PATH = /(?<![\w.}-])\/usr\/(?:share|lib|bin|include)(?:\/[\w.@+-]+)+/g;
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Where an absolute path of Debian's is in the prefix, if the channel ships it. */
export type Lookup = (path: string) => string | undefined;

/** A module that is no program keeps its first line, which nobody runs. */
function splitShebang(path: string, text: string): [head: string, rest: string] {
  if (path.startsWith("bin/") || !text.startsWith("#!")) return ["", text];
  const end = text.indexOf("\n") + 1;
  return [text.slice(0, end), text.slice(end)];
}

function rewrite(path: string, whole: string, lookup: Lookup): string {
  const [head, text] = splitShebang(path, whole);
  return head + rewritePaths(text, lookup);
}

function rewritePaths(text: string, lookup: Lookup): string {
  return text.replace(SYSTEM_PATH, (path) => {
    const trimmed = path.replace(/[.]+$/, "");
    const found = lookup(trimmed);
    return found === undefined ? path : `${PLACEHOLDER}/${found}${path.slice(trimmed.length)}`;
  });
}

/** Puts the placeholder where a text file names a file of the channel by its path on Debian. */
export function rewriteHardCoded(file: PackageFile, lookup: Lookup): PackageFile {
  if (file.target !== undefined || file.placeholder || !TEXT.test(file.path)) return file;
  const certificates = /\/certifi\/core\.py$/.test(file.path);
  if (!certificates && LEFT_ALONE.some((pattern) => pattern.test(file.path))) return file;
  if (!file.data.includes(certificates ? CERTIFICATES : "/usr/")) return file;
  const text = file.data.toString("utf8");
  if (text.includes("\0") || !Buffer.from(text).equals(file.data)) return file;
  const result = certificates
    ? text.replaceAll(CERTIFICATES, `${PLACEHOLDER}/ssl/cacert.pem`)
    : rewrite(file.path, text, lookup);
  return result === text ? file : { ...file, data: Buffer.from(result), placeholder: "text" };
}
