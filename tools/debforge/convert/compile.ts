import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { MTIME, type PackageFile, type Recipe } from "../channel/model.ts";
import type { Tool } from "../debian/tools.ts";
import { mapParallel, run } from "../run.ts";
import { PYTHON } from "./layout.ts";

/** Reads `source TAB compiled TAB name` lines; what does not compile is left out. */
const PROGRAM = `
import py_compile, sys
mode = py_compile.PycInvalidationMode.TIMESTAMP
for line in sys.stdin:
    source, compiled, name = line.rstrip("\\n").split("\\t")
    try:
        py_compile.compile(source, compiled, name, doraise=True, invalidation_mode=mode)
    except py_compile.PyCompileError:
        pass
`;

/** A file that conda's installers never compile, since only noarch packages are compiled there. */
function isModule(file: PackageFile): boolean {
  return (
    file.path.startsWith(`lib/python${PYTHON}/`) &&
    file.path.endsWith(".py") &&
    // Nobody imports a package's own tests; they are half of all modules.
    !/\/tests?\//.test(file.path) &&
    file.target === undefined &&
    // The prefix changes the size, so a compiled file would be stale at once.
    file.placeholder === undefined
  );
}

function compiledPath(path: string): string {
  const { dir, name } = posix.parse(path);
  return `${dir}/__pycache__/${name}.cpython-${PYTHON.replace(".", "")}.pyc`;
}

async function compile(recipe: Recipe, python: Tool, folder: string): Promise<Recipe> {
  const modules = recipe.files.filter(isModule).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (modules.length === 0) return recipe;
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for (const [number, { path, data }] of modules.entries()) {
    const source = join(folder, `${number}.py`);
    await writeFile(source, data);
    await utimes(source, MTIME, MTIME);
    lines.push(`${source}\t${source}c\t${path}\n`);
  }
  const command = [...python.before, "-S", "-s", "-B", "-W", "ignore", "-c", PROGRAM];
  await run(python.program, command, {
    env: { ...python.env },
    input: Buffer.from(lines.join("")),
  });
  const found = await Promise.all(
    modules.map(async ({ path }, number): Promise<PackageFile[]> => {
      const data = await readFile(join(folder, `${number}.pyc`)).catch(() => undefined);
      return data ? [{ path: compiledPath(path), mode: 0o644, data }] : [];
    }),
  );
  await rm(folder, { recursive: true });
  return { ...recipe, files: [...recipe.files, ...found.flat()] };
}

/** Adds compiled modules to the packages that have an architecture, as conda-build does. */
export function compileModules(
  recipes: readonly Recipe[],
  python: Tool,
  folder: string,
): Promise<Recipe[]> {
  return mapParallel(recipes, 2, async (recipe, index) =>
    recipe.kind === "linux-64" ? compile(recipe, python, join(folder, `${index}`)) : recipe,
  );
}
