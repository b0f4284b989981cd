import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackageFile, Recipe } from "../channel/model.ts";
import { debFile } from "../debian/apt.ts";
import { readDeb } from "../debian/deb.ts";
import type { Resolution } from "../debian/resolve.ts";
import { openTools } from "../debian/tools.ts";
import { mapParallel } from "../run.ts";
import type { Workshop } from "../workshop.ts";
import { compileModules } from "./compile.ts";
import { readElfLinks } from "./elf.ts";
import { type DebContents, groupDebs, makeLookup, ownersOf, toRecipe } from "./plan.ts";
import { setRpaths, wantedRpath } from "./rpath.ts";
import { withoutDebianOptions } from "./undebian.ts";

function providedSonames(contents: readonly DebContents[]): Set<string> {
  const links = contents.flatMap(({ entries }) => entries.map((one) => readElfLinks(one.data)));
  return new Set(links.flatMap((one) => one?.soname ?? []));
}

function wantedRpaths(
  files: readonly PackageFile[],
  sonames: ReadonlySet<string>,
): Map<PackageFile, string> {
  const wanted = new Map<PackageFile, string>();
  for (const file of files) {
    const rpath = wantedRpath(file, sonames);
    if (rpath !== undefined) wanted.set(file, rpath);
  }
  return wanted;
}

/** Recipes for everything that comes from .debs. */
export async function convert(resolution: Resolution, workshop: Workshop): Promise<Recipe[]> {
  const { apt, index, salt, done } = workshop;
  const contents = await mapParallel(resolution.packages, 4, async (deb) => ({
    deb,
    entries: (await readDeb(debFile(apt, deb))).map(withoutDebianOptions),
  }));
  done("unpack", `${contents.length} .debs`);
  const lookup = makeLookup(contents);
  const groups = groupDebs(contents, lookup);
  const files = groups.flatMap((group) => group.files);
  const wanted = wantedRpaths(files, providedSonames(contents));
  const tools = await openTools(apt, index);
  const scratch = await mkdtemp(join(tmpdir(), "debforge-"));
  try {
    const moved = await setRpaths(wanted, tools.patchelf, join(scratch, "elf"));
    done("relocate", `${wanted.size} libraries and programs`);
    const relocate = (file: PackageFile) => moved.get(file) ?? file;
    const context = { resolution, lookup, salt, relocate, ...ownersOf(groups) };
    const recipes = groups.map((group) => toRecipe(group, context));
    done("convert", `${recipes.length} packages`);
    const compiled = await compileModules(recipes, tools.python, join(scratch, "python"));
    const count = (all: readonly Recipe[]) => all.reduce((sum, one) => sum + one.files.length, 0);
    done("compile", `${count(compiled) - count(recipes)} modules`);
    return compiled;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
