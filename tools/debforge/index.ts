import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackageFile, Recipe } from "./channel/model.ts";
import { type BuiltPackage, buildPackage } from "./channel/package.ts";
import { writeRepodata } from "./channel/repodata.ts";
import { readElfLinks } from "./convert/elf.ts";
import {
  type DebContents,
  groupDebs,
  makeLookup,
  ownersOfFiles,
  toRecipe,
} from "./convert/plan.ts";
import { setRpaths, wantedRpath } from "./convert/rpath.ts";
import { type Apt, debFile, downloadDebs, openApt, readIndex, updateIndex } from "./debian/apt.ts";
import { readDeb } from "./debian/deb.ts";
import { type DebianPackage, type PackageIndex, parsePackages } from "./debian/packages.ts";
import { type Resolution, resolve } from "./debian/resolve.ts";
import { openPatchelf } from "./debian/tools.ts";
import { condaVersion } from "./debian/version.ts";
import type { ForgeEventSink } from "./events.ts";
import { writeAptRepository } from "./extra/apt-repository.ts";
import { handmadeRecipes } from "./extra/handmade.ts";
import { writeHostile } from "./extra/hostile.ts";
import { certificates, metaRecipes } from "./extra/meta.ts";
import { writePypi } from "./extra/pypi.ts";
import { hashSources, type Lock, lockKey, makeLock } from "./lock.ts";
import {
  APT_PACKAGES,
  isCut,
  PROFILES,
  type ProfileName,
  REPACKED_WHEELS,
  WHEEL_DEBS,
} from "./profiles.ts";
import { mapParallel } from "./run.ts";

export type { ForgeEvent, ForgeEventSink } from "./events.ts";
export type { Lock } from "./lock.ts";
export type { ProfileName } from "./profiles.ts";

export interface ForgeRequest {
  readonly profile: ProfileName;
  /** Default: `$TLJH_CACHE` or `/var/tmp/tljh-cache`. */
  readonly cacheDir?: string;
  readonly onEvent?: ForgeEventSink;
}

export interface Forged {
  /** Holds the other three, `hostile/` and `lock.json`. */
  readonly directory: string;
  readonly channel: string;
  readonly pypi: string;
  readonly apt: string;
  readonly lock: Lock;
}

export function defaultCache(): string {
  return process.env.TLJH_CACHE || "/var/tmp/tljh-cache";
}

/** Reports how long each step took. */
function stopwatch(sink: ForgeEventSink) {
  let last = performance.now();
  return (step: string, detail: string) => {
    const now = performance.now();
    sink({ type: "step", step, milliseconds: Math.round(now - last), detail });
    last = now;
  };
}

async function fetchIndex(apt: Apt, sink: ForgeEventSink): Promise<PackageIndex> {
  try {
    return parsePackages(await updateIndex(apt));
  } catch (error) {
    const text = await readIndex(apt).catch(() => {
      throw error;
    });
    sink({ type: "warning", message: `the index fetched last is used, because ${error}` });
    return parsePackages(text);
  }
}

interface Selection {
  readonly resolution: Resolution;
  readonly certificates: DebianPackage;
  readonly wheels: readonly DebianPackage[];
  readonly apt: readonly DebianPackage[];
}

function select(index: PackageIndex, profile: ProfileName): Selection {
  const pick = (name: string) => {
    const found = index.get(name);
    if (!found) throw new Error(`the archive has no package "${name}"`);
    return found;
  };
  return {
    resolution: resolve({ index, roots: PROFILES[profile].roots, cut: isCut }),
    certificates: pick("ca-certificates"),
    wheels: [...WHEEL_DEBS, ...REPACKED_WHEELS].map(pick),
    apt: APT_PACKAGES.map(pick),
  };
}

function allDebs({ resolution, certificates: trusted, wheels, apt }: Selection): DebianPackage[] {
  return [...resolution.packages, trusted, ...wheels, ...apt];
}

function providedSonames(contents: readonly DebContents[]): Set<string> {
  const links = contents.flatMap(({ entries }) => entries.map((one) => readElfLinks(one.data)));
  return new Set(links.flatMap((one) => one?.soname ?? []));
}

interface Workshop {
  readonly apt: Apt;
  readonly index: PackageIndex;
  readonly root: string;
  readonly salt: string;
  readonly sink: ForgeEventSink;
  readonly done: (step: string, detail: string) => void;
}

/** Recipes for everything that comes from .debs. */
async function convert(selection: Selection, workshop: Workshop): Promise<Recipe[]> {
  const { apt, index, root, salt, done } = workshop;
  const { resolution } = selection;
  const contents = await mapParallel(resolution.packages, 4, async (deb) => ({
    deb,
    entries: await readDeb(debFile(apt, deb)),
  }));
  done("unpack", `${contents.length} .debs`);
  const lookup = makeLookup(contents);
  const groups = groupDebs(contents, lookup);
  const sonames = providedSonames(contents);
  const wanted = new Map<PackageFile, string>();
  for (const file of groups.flatMap((group) => group.files)) {
    const rpath = wantedRpath(file, sonames);
    if (rpath !== undefined) wanted.set(file, rpath);
  }
  const patchelf = await openPatchelf(apt, index, join(root, "tools"));
  const scratch = join(tmpdir(), `debforge-${process.pid}`);
  const moved = await setRpaths(wanted, patchelf, scratch);
  done("relocate", `${wanted.size} libraries and programs`);
  const owner = new Map(
    groups.flatMap((g) => g.debs.map(({ deb }) => [deb.name, g.name] as const)),
  );
  const relocate = (file: PackageFile) => moved.get(file) ?? file;
  const ownerOfFile = ownersOfFiles(groups);
  const context = { resolution, owner, ownerOfFile, lookup, salt, relocate };
  return groups.map((group) => toRecipe(group, context));
}

function warnOfClashes(recipes: readonly Recipe[], sink: ForgeEventSink): void {
  const owners = new Map<string, string>();
  for (const { name, files } of recipes) {
    for (const { path } of files) {
      const other = owners.get(path);
      if (other) sink({ type: "warning", message: `${path} is in ${other} and in ${name}` });
      owners.set(path, name);
    }
  }
}

async function writeChannel(channel: string, recipes: readonly Recipe[]): Promise<BuiltPackage[]> {
  await mkdir(join(channel, "linux-64"), { recursive: true });
  await mkdir(join(channel, "noarch"), { recursive: true });
  const bySize = recipes
    .map((one) => ({ one, size: one.files.reduce((sum, file) => sum + file.data.length, 0) }))
    .sort((a, b) => b.size - a.size);
  const built = await mapParallel(bySize, 4, async ({ one }) => {
    const found = await buildPackage(one);
    await writeFile(join(channel, found.subdir, found.fileName), found.archive);
    return { ...found, archive: Buffer.alloc(0) };
  });
  await writeRepodata(channel, built);
  return built;
}

async function build(directory: string, selection: Selection, workshop: Workshop): Promise<void> {
  const { apt, sink, salt, done } = workshop;
  const fetched = await downloadDebs(apt, allDebs(selection));
  done("download", `${(fetched / 1e6).toFixed(1)} MB`);
  const converted = await convert(selection, workshop);
  const versions = new Map(converted.map((one) => [one.name, one.version]));
  const trusted = await readDeb(debFile(apt, selection.certificates));
  const trustedVersion = condaVersion(selection.certificates.version);
  const recipes = [
    ...converted,
    ...metaRecipes(versions),
    certificates(trusted, trustedVersion),
  ].map((one) => (one.build === "h0f0f0f0_0" ? { ...one, build: `h${salt.slice(0, 7)}_0` } : one));
  warnOfClashes(recipes, sink);
  done("convert", `${recipes.length} packages`);
  const all = [...recipes, ...handmadeRecipes()];
  const built = await writeChannel(join(directory, "channel"), all);
  const sum = (pick: (one: BuiltPackage) => number) => built.reduce((a, one) => a + pick(one), 0);
  const size = sum((one) => Number(one.record.size));
  done(
    "pack",
    `${built.length} packages, ${sum((one) => one.files)} files, ${(size / 1e6).toFixed(1)} MB, unpacked ${(sum((one) => one.unpacked) / 1e6).toFixed(0)} MB`,
  );
  await writeHostile(join(directory, "hostile"));
  await writePypi(join(directory, "pypi"), apt, selection.wheels);
  await writeAptRepository(join(directory, "apt"), apt, selection.apt);
  done("extras", "pypi, apt and hostile archives");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Makes the channel of a profile, or finds the one that is made already. The result stands in the
 * cache under a hash of all that it is made of, and appears there at once and whole.
 */
export async function forge({
  profile,
  cacheDir = defaultCache(),
  onEvent: sink = () => undefined,
}: ForgeRequest): Promise<Forged> {
  const done = stopwatch(sink);
  const root = join(cacheDir, `apt-${PROFILES[profile].suite}`);
  const apt = await openApt(root, PROFILES[profile].suite);
  const index = await fetchIndex(apt, sink);
  done("index", `${index.size} packages in the archive`);
  const selection = select(index, profile);
  const salt = await hashSources();
  const lock = makeLock(profile, salt, allDebs(selection));
  const directory = join(cacheDir, `${profile}-${lockKey(lock)}`);
  done("resolve", `${selection.resolution.packages.length} .debs`);
  const forged = {
    directory,
    channel: join(directory, "channel"),
    pypi: join(directory, "pypi"),
    apt: join(directory, "apt"),
    lock,
  };
  if (await exists(join(directory, "lock.json"))) return forged;
  const partial = `${directory}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await build(partial, selection, { apt, index, root, salt, sink, done });
    await writeFile(join(partial, "lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(join(directory, "lock.json")))) throw error;
  }
  return forged;
}

/** The lock of a channel that was made before. */
export async function readLock(directory: string): Promise<Lock> {
  return JSON.parse(await readFile(join(directory, "lock.json"), "utf8"));
}
