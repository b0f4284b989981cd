import { channelUrl, currentPlatform, subdirsOf } from "../channel/channel.ts";
import type { MirrorTable } from "../channel/mirror-table.ts";
import type { Platform, RepodataRecord, VirtualPackage } from "../types.ts";
import { solveFailed } from "./messages.ts";
import { runWorker, type WorkerAnswer, type WorkerOptions } from "./run-worker.ts";
import { detectVirtualPackages } from "./virtual-packages.ts";

export interface ChannelRequest extends WorkerOptions {
  /** Names or URLs; a package is taken from the first channel that has it. */
  readonly channels: readonly string[];
  readonly mirrors?: MirrorTable | undefined;
  /** The package cache; repodata is kept in `repodata/` below it. */
  readonly cacheDir: string;
  /** This machine's, unless said otherwise. */
  readonly platform?: Platform;
}

export interface SolveRequest extends ChannelRequest {
  readonly specs: readonly string[];
  /** Who asks for a spec, told where the request cannot be met. */
  readonly asking?: Readonly<Record<string, string>> | undefined;
  /**
   * What is installed: kept at its version where that is possible. What no spec asks for, directly
   * or as a dependency, is not in the solution.
   */
  readonly installed?: readonly RepodataRecord[];
  /** This machine's, unless said otherwise. */
  readonly virtualPackages?: readonly VirtualPackage[];
}

export interface NamesRequest extends ChannelRequest {
  readonly names: readonly string[];
}

/**
 * The packages that satisfy all specs together, in no particular order. Throws CONDA_UNSOLVABLE, CONDA_SPEC_INVALID or one of the channels' errors.
 */
export async function solve(request: SolveRequest): Promise<readonly RepodataRecord[]> {
  const answer = await runWorker(
    {
      type: "solve",
      ...channelQuery(request),
      specs: request.specs,
      asking: request.asking ?? {},
      installed: request.installed ?? [],
      virtualPackages: request.virtualPackages ?? (await detectVirtualPackages()),
    },
    request,
  );
  if (answer.type !== "solved") throw unexpected(answer);
  return answer.records;
}

/** Those of some package names that at least one of the channels has, for this platform. */
export async function availableNames(request: NamesRequest): Promise<Set<string>> {
  const names = request.names.map((name) => name.toLowerCase());
  const answer = await runWorker({ type: "names", ...channelQuery(request), names }, request);
  if (answer.type !== "names") throw unexpected(answer);
  return new Set(answer.names);
}

function channelQuery({ channels, mirrors = {}, platform, cacheDir }: ChannelRequest) {
  // Downloads, which come later and from this thread, need the credentials as well.
  for (const channel of channels) channelUrl(channel);
  return { channels, mirrors, cacheDir, subdirs: subdirsOf(platform ?? currentPlatform()) };
}

function unexpected(answer: WorkerAnswer): Error {
  return solveFailed(new Error(`the thread answered with ${answer.type}`));
}
