import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { PackageFile } from "../channel/model.ts";
import { SITE_PACKAGES } from "./layout.ts";

/** A Python distribution inside a package. */
export interface Distribution {
  /** As its METADATA spells it. */
  readonly name: string;
  readonly version: string;
  /** `console_scripts` and `gui_scripts` as `"name = module:function"`. */
  readonly entryPoints: readonly string[];
}

const INFO_FOLDER = new RegExp(
  `^${SITE_PACKAGES.replace(/\./g, "\\.")}/([^/]+)\\.(dist|egg)-info/`,
);
/** What setuptools writes for itself only. */
const EGG_ONLY =
  /^(SOURCES\.txt|dependency_links\.txt|not-zip-safe|zip-safe|requires\.txt|native_libs\.txt)$/;

/** `[extra:marker]` sections of an egg's requires.txt as `Requires-Dist` lines. */
export function requiresToMetadata(requires: string): string[] {
  const lines: string[] = [];
  let condition = "";
  for (const raw of requires.split("\n")) {
    const line = raw.trim();
    const section = /^\[([^:\]]*):?([^\]]*)\]$/.exec(line);
    if (section) {
      const [, extra = "", marker = ""] = section;
      if (extra) lines.push(`Provides-Extra: ${extra}`);
      const terms = [marker && extra ? `(${marker})` : marker, extra && `extra == "${extra}"`];
      condition = terms.filter(Boolean).join(" and ");
    } else if (line && !line.startsWith("#")) {
      lines.push(`Requires-Dist: ${line}${condition ? ` ; ${condition}` : ""}`);
    }
  }
  return lines;
}

/** Adds an egg's requirements to the head of its PKG-INFO, if they are not there already. */
/**
 * Requirements that Debian's own packages do not keep: it patches them in the code and leaves the
 * metadata. Without these edits `pip check` would find fault with every environment.
 */
const NOT_KEPT: Readonly<Record<string, readonly (readonly [from: RegExp, to: string])[]>> = {
  "argon2-cffi": [[/^Requires-Dist: cffi.*\n/m, ""]],
  jupyterhub: [[/^Requires-Dist: pamela>=[\d.]+/m, "Requires-Dist: pamela"]],
  jupyterlab: [[/^Requires-Dist: jupyter-lsp.*\n/m, ""]],
  nbclassic: [[/^Requires-Dist: jupyter_server~=.*$/m, "Requires-Dist: jupyter_server"]],
};

function keepOnlyKept(metadata: string): string {
  const edits = NOT_KEPT[field(metadata, "Name").toLowerCase()] ?? [];
  return edits.reduce((text, [from, to]) => text.replace(from, to), metadata);
}

function eggMetadata(info: string, requires: string | undefined): string {
  if (!requires || /^Requires-Dist:/m.test(info)) return info;
  const head = info.indexOf("\n\n");
  const at = head < 0 ? info.length : head + 1;
  const added = requiresToMetadata(requires).map((line) => `${line}\n`);
  return `${info.slice(0, at)}${added.join("")}${info.slice(at)}`;
}

export function parseEntryPoints(text: string): string[] {
  const found: string[] = [];
  let wanted = false;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line.startsWith("[")) wanted = /^\[(console|gui)_scripts\]$/.test(line);
    else if (wanted && line.includes("=") && !line.startsWith("#")) {
      const equals = line.indexOf("=");
      const target = line.slice(equals + 1).replace(/\[.*\]/, "");
      found.push(`${line.slice(0, equals).trim()} = ${target.replace(/\s+/g, "")}`);
    }
  }
  return found.sort();
}

const field = (metadata: string, name: string) =>
  new RegExp(`^${name}:\\s*(.*)$`, "m").exec(metadata)?.[1]?.trim() ?? "";

const asFile = (path: string, text: string): PackageFile => ({
  path,
  mode: 0o644,
  data: Buffer.from(text),
});

/** Turns `X.egg-info` folders into `X.dist-info`, which pip can upgrade and uninstall. */
export function modernise(files: readonly PackageFile[]): PackageFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const match = INFO_FOLDER.exec(file.path);
    if (match && file.path === `${match[0]}METADATA`)
      return [{ ...file, data: Buffer.from(keepOnlyKept(file.data.toString())) }];
    if (match?.[2] !== "egg") return [file];
    const stem = `${SITE_PACKAGES}/${match[1]}`;
    const name = file.path.slice(match[0].length);
    if (EGG_ONLY.test(name)) return [];
    if (name !== "PKG-INFO") return [{ ...file, path: `${stem}.dist-info/${name}` }];
    const requires = byPath.get(`${stem}.egg-info/requires.txt`)?.data.toString();
    const metadata = keepOnlyKept(eggMetadata(file.data.toString(), requires));
    return [
      asFile(`${stem}.dist-info/METADATA`, metadata),
      asFile(
        `${stem}.dist-info/WHEEL`,
        "Wheel-Version: 1.0\nGenerator: debforge\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      ),
    ];
  });
}

function recordLine(from: string, file: PackageFile): string {
  const path = posix.relative(from, file.path);
  const digest = createHash("sha256").update(file.data).digest("base64url");
  return `${/[",]/.test(path) ? `"${path}"` : path},sha256=${digest},${file.data.length}\n`;
}

/**
 * `INSTALLER` and `RECORD` for each distribution; Debian ships neither. Files outside the
 * metadata's folder belong to the first distribution, as packages with several are rare.
 */
export function addRecords(files: readonly PackageFile[], scripts: readonly string[]) {
  const folders = new Set<string>();
  for (const file of files) {
    const match = INFO_FOLDER.exec(file.path);
    if (match) folders.add(match[0].slice(0, -1));
  }
  const kept = files.filter(
    (file) => !/\.dist-info\/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$/.test(file.path),
  );
  const added: PackageFile[] = [];
  const [main] = folders;
  for (const folder of folders) {
    const installer = asFile(`${folder}/INSTALLER`, "conda\n");
    const own = kept.filter((file) => {
      const info = INFO_FOLDER.exec(file.path)?.[0].slice(0, -1);
      return info === undefined ? folder === main : info === folder;
    });
    const lines = [...own, installer].map((file) => recordLine(SITE_PACKAGES, file));
    if (folder === main) lines.push(...scripts.map((name) => `../../../bin/${name},,\n`));
    lines.push(`${posix.relative(SITE_PACKAGES, folder)}/RECORD,,\n`);
    added.push(installer, asFile(`${folder}/RECORD`, lines.sort().join("")));
  }
  return [...kept, ...added];
}

/** The distributions whose metadata is among the files. */
export function distributions(files: readonly PackageFile[]): Distribution[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const match = INFO_FOLDER.exec(file.path);
    if (!match || !/^(METADATA|PKG-INFO)$/.test(file.path.slice(match[0].length))) return [];
    const metadata = file.data.toString();
    const points = byPath.get(`${match[0]}entry_points.txt`)?.data.toString() ?? "";
    const name = field(metadata, "Name");
    return [{ name, version: field(metadata, "Version"), entryPoints: parseEntryPoints(points) }];
  });
}
