import type { DebianPackage, PackageIndex } from "./debian/packages.ts";
import { type Resolution, resolve } from "./debian/resolve.ts";
import {
  APT_PACKAGES,
  isCut,
  PROFILES,
  type ProfileName,
  REPACKED_WHEELS,
  WHEEL_DEBS,
} from "./profiles.ts";

/** The .debs that a profile is made of, by what they are for. */
export interface Selection {
  readonly resolution: Resolution;
  readonly certificates: DebianPackage;
  readonly wheels: readonly DebianPackage[];
  readonly apt: readonly DebianPackage[];
}

export function select(index: PackageIndex, profile: ProfileName): Selection {
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

/** Each .deb once, whatever it is for. */
export function allDebs(selection: Selection): DebianPackage[] {
  const { resolution, certificates, wheels, apt } = selection;
  return [...new Set([...resolution.packages, certificates, ...wheels, ...apt])];
}
