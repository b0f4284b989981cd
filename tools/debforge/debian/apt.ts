import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  access,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "../run.ts";
import type { DebianPackage } from "./packages.ts";

/** An apt of our own: its lists, its archives and its sources are below one directory. */
export interface Apt {
  readonly root: string;
  readonly options: readonly string[];
  /** Where verified .debs are kept. */
  readonly debs: string;
}

interface Source {
  readonly address: string;
  readonly keyring: string;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** The machine's own Debian mirror; `TLJH_DEBIAN_MIRROR` names another. */
async function findMirror(): Promise<Source> {
  const named = process.env.TLJH_DEBIAN_MIRROR;
  if (named) return { address: named.replace(/\/$/, ""), keyring: KEYRING };
  const release = await readFile("/etc/os-release", "utf8");
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? "";
  const format = "$(REPO_URI)\t$(RELEASE)\t$(COMPONENT)";
  const targets = await run("apt-get", ["indextargets", "--format", format]);
  for (const line of targets.toString().split("\n")) {
    const [address = "", suite, component] = line.split("\t");
    if (suite === codename && component === "main" && address.includes("debian"))
      return { address: address.replace(/\/$/, ""), keyring: KEYRING };
  }
  throw new Error(
    "apt's sources of this machine name no Debian mirror: set TLJH_DEBIAN_MIRROR to the address of one",
  );
}

/** Makes apt's private directories for a suite. Needs no root. */
export async function openApt(directory: string, suite: string): Promise<Apt> {
  const { address, keyring } = await findMirror();
  const state = join(directory, "state");
  const cache = join(directory, "cache");
  const debs = join(directory, "debs");
  await mkdir(join(state, "lists", "partial"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  await mkdir(debs, { recursive: true });
  const sources = join(directory, "sources.list");
  await writeFile(sources, `deb [signed-by=${keyring}] ${address} ${suite} main\n`);
  const settings = {
    "Dir::State": state,
    "Dir::State::status": "/dev/null",
    "Dir::Cache": cache,
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "APT::Architecture": "amd64",
    "APT::Architectures": "amd64",
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
    "Acquire::Retries": "3",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return { root: directory, options, debs };
}

/**
 * Fetches the suite's signed index unless the last time is less than `maxAge` milliseconds ago.
 * Processes that share the directories wait for one another.
 */
export async function refreshIndex(apt: Apt, maxAge: number): Promise<void> {
  const mark = join(apt.root, "refreshed");
  const last = await stat(mark).catch(() => undefined);
  if (last && Date.now() - last.mtimeMs < maxAge) return;
  const update = ["apt-get", ...apt.options, "--error-on=any", "update"];
  await run("flock", [join(apt.root, "lock"), ...update]);
  const lists = join(apt.root, "state", "lists");
  const releases = (await readdir(lists)).filter((name) => name.endsWith("_InRelease"));
  const hash = createHash("sha256");
  for (const name of releases.sort()) hash.update(await readFile(join(lists, name)));
  await writeFile(mark, hash.digest("hex"));
}

/** Names the state of the archive that the index describes. */
export async function indexStamp(apt: Apt): Promise<string> {
  return readFile(join(apt.root, "refreshed"), "utf8").catch(() => "");
}

/** The index as it was fetched last. */
export async function readIndex(apt: Apt): Promise<string> {
  const listing = await run("apt-get", [
    ...apt.options,
    "indextargets",
    "--format",
    "$(FILENAME)",
    "Created-By: Packages",
  ]);
  const file = listing.toString().trim().split("\n")[0];
  if (!file) throw new Error("apt has no index of packages: fetch it first");
  return (await run("/usr/lib/apt/apt-helper", ["cat-file", file])).toString();
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Where a package's .deb is kept: under its own name, with the epoch written out. */
export function debFile(apt: Apt, one: DebianPackage): string {
  return join(apt.debs, `${one.sha256.slice(0, 8)}-${basename(one.filename)}`);
}

async function isThere(file: string, sha256: string): Promise<boolean> {
  try {
    await access(file);
  } catch {
    return false;
  }
  return (await sha256Of(file)) === sha256;
}

/** Fetches what is missing, checks every SHA-256, and returns how many bytes came over the network. */
export async function downloadDebs(apt: Apt, packages: readonly DebianPackage[]): Promise<number> {
  const missing: DebianPackage[] = [];
  for (const one of packages)
    if (!(await isThere(debFile(apt, one), one.sha256))) missing.push(one);
  if (missing.length === 0) return 0;
  const wanted = missing.map((one) => `${one.name}=${one.version}`);
  const folder = await mkdtemp(join(apt.debs, "partial-"));
  try {
    await run("apt-get", [...apt.options, "-qq", "download", ...wanted], { cwd: folder });
    for (const one of missing) {
      const name = `${one.name}_${one.version.replace(/:/g, "%3a")}_${one.architecture}.deb`;
      const found = await sha256Of(join(folder, name));
      if (found !== one.sha256)
        throw new Error(`${name} has the SHA-256 ${found} instead of ${one.sha256}`);
      await rename(join(folder, name), debFile(apt, one));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return missing.reduce((sum, one) => sum + one.size, 0);
}
