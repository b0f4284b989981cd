import type { MirrorTable } from "../channel/mirror-table.ts";
import type { CondaEvent } from "../events.ts";
import type { RepodataRecord, Subdir, VirtualPackage } from "../types.ts";

export interface ChannelQuery {
  /** As given, with credentials: the worker has a memory of its own. */
  readonly channels: readonly string[];
  readonly mirrors: MirrorTable;
  readonly subdirs: readonly Subdir[];
  readonly cacheDir: string;
}

export interface SolveQuery extends ChannelQuery {
  readonly type: "solve";
  readonly specs: readonly string[];
  readonly asking: Readonly<Record<string, string>>;
  readonly installed: readonly RepodataRecord[];
  readonly virtualPackages: readonly VirtualPackage[];
}

export interface NamesQuery extends ChannelQuery {
  readonly type: "names";
  readonly names: readonly string[];
}

export type WorkerQuery = SolveQuery | NamesQuery;

/** An error's text crosses threads, its class does not. */
export interface SentError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly cause: unknown;
}

export type WorkerReply =
  | { readonly type: "event"; readonly event: CondaEvent }
  | { readonly type: "solved"; readonly records: readonly RepodataRecord[] }
  | { readonly type: "names"; readonly names: readonly string[] }
  | { readonly type: "failed"; readonly error: SentError };
