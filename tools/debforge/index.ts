import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "./build.ts";
import { buildOnce, isBuilt, LOCK_FILE } from "./cache.ts";
import { type Apt, indexStamp, openApt, readIndex, refreshIndex } from "./debian/apt.ts";
import { parsePackages } from "./debian/packages.ts";
import type { ForgeEventSink } from "./events.ts";
import { hashSources, type Lock, lockKey, makeLock } from "./lock.ts";
import { PROFILES, type ProfileName } from "./profiles.ts";
import { allDebs, select } from "./selection.ts";
import { stopwatch, type Workshop } from "./workshop.ts";

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

function defaultCache(): string {
  return process.env.TLJH_CACHE || "/var/tmp/tljh-cache";
}

/** How long an index is good for, in milliseconds: a stable suite changes every few weeks. */
const INDEX_AGE = 12 * 3600 * 1000;

async function refresh(apt: Apt, maxAge: number, sink: ForgeEventSink): Promise<void> {
  try {
    await refreshIndex(apt, maxAge);
  } catch (error) {
    if ((await indexStamp(apt)) === "") throw error;
    sink({ type: "warning", message: `the index fetched last is used, because ${error}` });
  }
}

async function describe(directory: string): Promise<Forged> {
  return {
    directory,
    channel: join(directory, "channel"),
    pypi: join(directory, "pypi"),
    apt: join(directory, "apt"),
    lock: JSON.parse(await readFile(join(directory, LOCK_FILE), "utf8")),
  };
}

async function forgeOnce(
  profile: ProfileName,
  cacheDir: string,
  maxAge: number,
  sink: ForgeEventSink,
): Promise<Forged> {
  const done = stopwatch(sink);
  const { suite } = PROFILES[profile];
  const apt = await openApt(join(cacheDir, `apt-${suite}`), suite);
  await refresh(apt, maxAge, sink);
  const salt = await hashSources();
  // Reading the index takes longer than all the rest when nothing is to be done.
  const note = join(apt.root, `made-${profile}-${salt}-${(await indexStamp(apt)).slice(0, 16)}`);
  const made = await readFile(note, "utf8").catch(() => "");
  if (made !== "" && (await isBuilt(join(cacheDir, made)))) {
    done("found", made);
    return describe(join(cacheDir, made));
  }
  const index = parsePackages(await readIndex(apt));
  done("index", `${index.size} packages in the archive`);
  const selection = select(index, profile);
  const lock = makeLock(profile, salt, allDebs(selection));
  const name = `${profile}-${lockKey(lock)}`;
  const directory = join(cacheDir, name);
  done("resolve", `${selection.resolution.packages.length} .debs`);
  const workshop: Workshop = { apt, index, salt, sink, done };
  const text = `${JSON.stringify(lock, null, 2)}\n`;
  await buildOnce(directory, text, (partial) => build(partial, selection, workshop));
  await writeFile(note, name);
  return describe(directory);
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
  try {
    return await forgeOnce(profile, cacheDir, INDEX_AGE, sink);
  } catch (error) {
    // The archive may have moved on since the index was fetched.
    sink({ type: "warning", message: `once more with a new index, because ${error}` });
    return forgeOnce(profile, cacheDir, 0, sink);
  }
}
