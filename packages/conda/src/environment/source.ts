import { preparePackages } from "../cache/prepare.ts";
import type { PackageSource } from "./options.ts";

/** Packages from channels, through the package cache. */
export const channelSource: PackageSource = {
  solve() {
    throw new Error("not there yet");
  },
  async prepare(records, options, onPackage) {
    const { cacheDir, onEvent, signal } = options;
    const archives = await preparePackages(records, { cacheDir, onEvent, signal });
    for (const archive of archives) onPackage(archive);
  },
};
