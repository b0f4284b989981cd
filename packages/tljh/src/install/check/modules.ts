/** Names beside a package's own that many packages leave in site-packages. */
const INCIDENTAL = new Set([
  "benchmarks",
  "docs",
  "examples",
  "scripts",
  "test",
  "testing",
  "tests",
]);

/** What of an installed package lies below site-packages. */
export interface PackageFiles {
  readonly name: string;
  readonly files: readonly string[];
  /** The lines of a `top_level.txt`: of a package whose files are elsewhere, the names of its modules. */
  readonly topLevel?: readonly string[];
}

/**
 * The module that a package is asked for to be imported: the one that has its name; else its only one.
 * Nothing where that is a guess, or where it has none. Pure.
 */
export function moduleOf({ name, files, topLevel = [] }: PackageFiles): string | undefined {
  const listed = topLevel.filter((line) => /^[A-Za-z_]\w*$/.test(line));
  const modules = new Set([...files.flatMap((file) => topModule(file) ?? []), ...listed]);
  const wanted = new Set(spellings(name));
  const named = [...modules].find((module) => wanted.has(normal(module)));
  if (named !== undefined) return named;
  const own = [...modules].filter((module) => !isIncidental(module));
  return own.length === 1 ? own[0] : undefined;
}

const isIncidental = (module: string) => module.startsWith("_") || INCIDENTAL.has(module);

function topModule(file: string): string | undefined {
  const [, name] =
    /^([A-Za-z_]\w*)(?:\/__init__\.py|\.py|(?:\.cpython-\w+[\w-]*|\.abi3)?\.so)$/.exec(file) ?? [];
  return name;
}

/** `python-dateutil` is imported as `dateutil`; `beautifulsoup4` is found by being the only one. */
function spellings(packageName: string): string[] {
  const name = normal(packageName);
  return [name, name.replace(/^python_/, ""), name.replace(/_python$/, "")];
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-.]+/g, "_");
}
