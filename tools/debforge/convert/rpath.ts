import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type PackageFile, PLACEHOLDER } from "../channel/model.ts";
import type { Tool } from "../debian/tools.ts";
import { mapParallel, run } from "../run.ts";
import { readElfLinks } from "./elf.ts";
import { PYTHON } from "./layout.ts";

/** The search path that a file needs, if the channel has a library that it asks for. */
export function wantedRpath(file: PackageFile, sonames: ReadonlySet<string>): string | undefined {
  const links = readElfLinks(file.data);
  if (!links?.needed.some((name) => sonames.has(name))) return undefined;
  // The interpreter carries the placeholder, so that a binary file with a prefix is part of every
  // environment; the others find their libraries wherever the prefix is.
  if (file.path === `bin/python${PYTHON}`) return `${PLACEHOLDER}/lib`;
  const up = posix.relative(posix.dirname(file.path), "lib");
  return up === "" ? "$ORIGIN" : `$ORIGIN/${up}`;
}

/** Sets the search paths with one run of patchelf for each different path. */
export async function setRpaths(
  wanted: ReadonlyMap<PackageFile, string>,
  patchelf: Tool,
  folder: string,
): Promise<Map<PackageFile, PackageFile>> {
  await mkdir(folder, { recursive: true });
  const groups = Map.groupBy(wanted, ([, rpath]) => rpath);
  const results = new Map<PackageFile, PackageFile>();
  let count = 0;
  await mapParallel([...groups], 2, async ([rpath, members]) => {
    const named = members.map(([file]) => ({ file, name: join(folder, `${count++}`) }));
    for (const { file, name } of named) {
      await writeFile(name, file.data);
      await chmod(name, 0o755);
    }
    const names = named.map((one) => one.name);
    await run(patchelf.program, [...patchelf.before, "--set-rpath", rpath, ...names]);
    for (const { file, name } of named) {
      const data = await readFile(name);
      const binary = rpath.startsWith(PLACEHOLDER) ? { placeholder: "binary" as const } : undefined;
      results.set(file, { ...file, data, ...binary });
    }
  });
  await rm(folder, { recursive: true });
  return results;
}
