import { parseRelations, type Relation } from "./relations.ts";

/** What the archive's index says of one .deb. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly source: string;
  readonly description: string;
  readonly homepage: string;
  readonly section: string;
  readonly depends: readonly (readonly Relation[])[];
  readonly provides: readonly Relation[];
  /** Below the mirror's address. */
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
}

export type PackageIndex = ReadonlyMap<string, DebianPackage>;

/** One stanza of a control file; continuation lines are joined with newlines. */
function parseStanza(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last = "";
  for (const line of text.split("\n")) {
    if (/^[ \t]/.test(line)) {
      fields.set(last, `${fields.get(last) ?? ""}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    last = line.slice(0, colon);
    fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
}

function toPackage(stanza: string): DebianPackage | undefined {
  const fields = parseStanza(stanza);
  const text = (name: string) => fields.get(name) ?? "";
  const name = text("Package");
  if (name === "") return undefined;
  return {
    name,
    version: text("Version"),
    architecture: text("Architecture"),
    source: text("Source").replace(/ .*/, "") || name,
    description: text("Description").replace(/\n[\s\S]*/, ""),
    homepage: text("Homepage"),
    section: text("Section"),
    depends: [
      ...parseRelations(fields.get("Pre-Depends")),
      ...parseRelations(fields.get("Depends")),
    ],
    provides: parseRelations(fields.get("Provides")).flat(),
    filename: text("Filename"),
    size: Number(text("Size")),
    sha256: text("SHA256"),
  };
}

/** A `Packages` index. The archive's holds one version of each name. */
export function parsePackages(text: string): PackageIndex {
  const index = new Map<string, DebianPackage>();
  for (const stanza of text.split(/\n\n+/)) {
    const found = toPackage(stanza);
    if (found) index.set(found.name, found);
  }
  return index;
}
