import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run.ts";
import { type Apt, debFile, downloadDebs } from "./apt.ts";
import type { PackageIndex } from "./packages.ts";

/** A program of the archive, and how it is started on a machine with another C library. */
export interface Tool {
  readonly program: string;
  readonly before: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Tools {
  readonly patchelf: Tool;
  readonly python: Tool;
}

/** The tools and what they run on, so that they work on any Linux, whatever it has itself. */
const PACKAGES = [
  "libc6",
  "libexpat1",
  "libgcc-s1",
  "libpython3.13-minimal",
  "libpython3.13-stdlib",
  "libstdc++6",
  "patchelf",
  "python3.13-minimal",
  "zlib1g",
];

/** Fetches patchelf and Python into a folder beside apt's, once per version. */
export async function openTools(apt: Apt, index: PackageIndex): Promise<Tools> {
  const packages = PACKAGES.flatMap((name) => index.get(name) ?? []);
  const root = join(apt.root, "tools", packages.map((one) => one.sha256.slice(0, 6)).join("-"));
  try {
    await access(root);
  } catch {
    await downloadDebs(apt, packages);
    const partial = `${root}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    for (const one of packages) await run("dpkg-deb", ["--extract", debFile(apt, one), partial]);
    await rename(partial, root).catch(() => rm(partial, { recursive: true }));
  }
  const libraries = join(root, "usr", "lib", "x86_64-linux-gnu");
  const tool = (name: string, env: Record<string, string>): Tool => ({
    program: join(libraries, "ld-linux-x86-64.so.2"),
    before: ["--library-path", libraries, join(root, "usr", "bin", name)],
    env,
  });
  return {
    patchelf: tool("patchelf", {}),
    python: tool("python3.13", { PYTHONHOME: join(root, "usr"), PYTHONHASHSEED: "0" }),
  };
}
