import { preparePackages } from "../cache/prepare.ts";
import { solve } from "../solve/solve.ts";
import type { PackageSource } from "./options.ts";

/** Packages from channels, through the package cache. */
export const channelSource: PackageSource = {
  solve(request, options) {
    const { channels, mirrors, cacheDir, platform, virtualPackages, onEvent, signal } = options;
    const machine = virtualPackages === undefined ? {} : { virtualPackages };
    return solve({
      ...request,
      channels,
      mirrors,
      cacheDir,
      platform,
      onEvent,
      signal,
      ...machine,
    });
  },
  async prepare(records, { cacheDir, mirrors, onEvent, signal }, onPackage) {
    await preparePackages(records, { cacheDir, mirrors, onEvent, signal, onPackage });
  },
};
