import type { MirrorTable } from "../channel/mirror-table.ts";
import type { CondaEventSink } from "../events.ts";
import type { RemoveTree } from "../stage/remove-tree.ts";
import type { StagedPrefix } from "../stage/stage.ts";
import type { PackageArchive, Platform, RepodataRecord, VirtualPackage } from "../types.ts";
import type { EnvironmentPlan } from "./plan.ts";

export interface EnvironmentOptions {
  readonly prefix: string;
  readonly cacheDir: string;
  readonly snapshotsDir: string;
  readonly channels: readonly string[];
  readonly mirrors?: MirrorTable | undefined;
  readonly specs: readonly string[];
  /** Who asks for a package, by its name: told where it cannot be had, and kept with the generation. */
  readonly reasons?: Readonly<Record<string, string>>;
  /** Names of packages to take out, with all that needs them. */
  readonly remove?: readonly string[];
  /** Names of packages that are asked for no longer: they go, unless something that stays needs them. */
  readonly release?: readonly string[];
  /** The source says what the environment is to hold, whatever is asked for. */
  readonly exact?: boolean;
  /** What was asked for earlier counts no more, nor what nobody asked for: it goes, unless it is needed. */
  readonly prune?: boolean;
  readonly platform: Platform;
  readonly virtualPackages?: readonly VirtualPackage[];
  /** Take the latest of everything; what is installed is kept where it satisfies otherwise. */
  readonly upgrade?: boolean;
  readonly onEvent?: CondaEventSink;
  readonly signal?: AbortSignal;
}

export interface ChangeOptions extends EnvironmentOptions {
  /** What `planEnvironment` answered: nothing is solved again if it still holds. */
  readonly plan?: EnvironmentPlan;
  /** Further changes in the staged environment, such as pip's. It is staged whenever this is given. */
  readonly extend?: (staged: StagedPrefix) => Promise<void>;
  /** Throws where the staged environment must not go live; it is then kept for a look. */
  readonly check?: (staged: StagedPrefix) => Promise<void>;
  /** What the admin ran, for the history. */
  readonly command?: string;
  /** Earlier generations whose files are kept. Five unless told. */
  readonly keepSnapshots?: number;
  /** What removes the files of the others, `removeTreeLater` for example; at once unless told. */
  readonly removeTree?: RemoveTree;
}

export interface SolveRequest {
  readonly specs: readonly string[];
  /** Who asks, by spec. */
  readonly asking?: Readonly<Record<string, string>>;
  readonly installed: readonly RepodataRecord[];
}

/** Where packages come from; tests bring their own. */
export interface PackageSource {
  solve(request: SolveRequest, options: EnvironmentOptions): Promise<readonly RepodataRecord[]>;
  /** Tells each package as soon as it is complete in the cache, in any order. */
  prepare(
    records: readonly RepodataRecord[],
    options: EnvironmentOptions,
    onPackage: (archive: PackageArchive) => void,
  ): Promise<void>;
}
