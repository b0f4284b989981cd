import { preparePackages } from "../cache/prepare.ts";
import { solve } from "../solve/solve.ts";
import type { PackageSource } from "./options.ts";

/** Packages from channels, through the package cache. */
export const channelSource: PackageSource = {
  solve({ specs, installed }, { channels, cacheDir, platform, virtualPackages, onEvent, signal }) {
    const machine = virtualPackages === undefined ? {} : { virtualPackages };
    return solve({ specs, installed, channels, cacheDir, platform, onEvent, signal, ...machine });
  },
  async prepare(records, { cacheDir, onEvent, signal }, onPackage) {
    await preparePackages(records, { cacheDir, onEvent, signal, onPackage });
  },
};
