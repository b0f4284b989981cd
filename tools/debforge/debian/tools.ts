import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Patchelf } from "../convert/rpath.ts";
import { run } from "../run.ts";
import { type Apt, debFile, downloadDebs } from "./apt.ts";
import type { PackageIndex } from "./packages.ts";

/** patchelf and what it runs on, so that it works on any Linux, whatever its C library. */
const PACKAGES = ["patchelf", "libc6", "libstdc++6", "libgcc-s1"];

/** Fetches patchelf from the archive into a folder beside apt's, once per version. */
export async function openPatchelf(
  apt: Apt,
  index: PackageIndex,
  folder: string,
): Promise<Patchelf> {
  const packages = PACKAGES.flatMap((name) => index.get(name) ?? []);
  const key = packages.map((one) => one.sha256.slice(0, 8)).join("-");
  const root = join(folder, key);
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
  return {
    program: join(libraries, "ld-linux-x86-64.so.2"),
    before: ["--library-path", libraries, join(root, "usr", "bin", "patchelf")],
  };
}
