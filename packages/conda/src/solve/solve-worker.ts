import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { channelUrl } from "../channel/channel.ts";
import { channelNotFound } from "../channel/messages.ts";
import { openMirrors } from "../channel/mirror-table.ts";
import { RepodataCache } from "../channel/repodata-cache.ts";
import { RepodataFetcher } from "../channel/repodata-fetcher.ts";
import { emptySubdir, openSubdir, type SubdirRepodata } from "../channel/subdir.ts";
import { keepReachable } from "../channel/whole-subdir.ts";
import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";
import { causeText } from "../fetch/cause.ts";
import { createHttpClient } from "../fetch/client.ts";
import { specName } from "../prefix/history.ts";
import { completeRecords } from "./complete.ts";
import { solveFailed } from "./messages.ts";
import type { ChannelQuery, NamesQuery, SolveQuery, WorkerQuery, WorkerReply } from "./protocol.ts";
import { rattlerSolve } from "./rattler.ts";

const send = (reply: WorkerReply) => parentPort?.postMessage(reply);
const onEvent = (event: CondaEvent) => send({ type: "event", event });

async function openFetcher({ cacheDir, mirrors }: ChannelQuery): Promise<RepodataFetcher> {
  const cache = new RepodataCache(join(cacheDir, "repodata"));
  await cache.open(Date.now());
  const client = createHttpClient({ connections: 32 });
  return new RepodataFetcher({ cache, client, onEvent, mirrors: openMirrors(mirrors, onEvent) });
}

interface OpenChannel {
  readonly url: string;
  readonly subdirs: readonly SubdirRepodata[];
}

/** A channel may lack a platform, but not all of them. */
async function openChannel(
  url: string,
  query: ChannelQuery,
  fetcher: RepodataFetcher,
): Promise<OpenChannel> {
  const urls = query.subdirs.map((subdir) => `${url}/${subdir}`);
  const opened = await Promise.all(urls.map((one) => openSubdir(one, fetcher)));
  if (opened.every((one) => one === undefined)) throw channelNotFound(url, query.subdirs);
  return { url, subdirs: urls.map((one, index) => opened[index] ?? emptySubdir(one)) };
}

async function openChannels(query: ChannelQuery, fetcher: RepodataFetcher) {
  const urls = [...new Set(query.channels.map(channelUrl))];
  return Promise.all(urls.map((url) => openChannel(url, query, fetcher)));
}

async function solve(query: SolveQuery): Promise<WorkerReply> {
  onEvent({ type: "phase.start", phase: "repodata" });
  const started = performance.now();
  const fetcher = await openFetcher(query);
  const channels = await openChannels(query, fetcher);
  const urls = channels.map((channel) => channel.url);
  const subdirs = channels.flatMap((channel) => channel.subdirs);
  await keepReachable(subdirs, rootNames(query));
  const solution = await rattlerSolve(query, urls, subdirs);
  const fetched = Math.max(started, fetcher.lastFetched);
  phaseDone("repodata", fetched - started, channels.length);
  onEvent({ type: "phase.start", phase: "solve" });
  const records = await completeRecords(solution, subdirs, query.installed);
  phaseDone("solve", performance.now() - fetched, records.length);
  return { type: "solved", records };
}

/** What is asked for, and what is installed with what it needs: that may be in no channel any more. */
function rootNames({ specs, installed }: SolveQuery): string[] {
  const needed = installed.flatMap(({ name, depends }) => [name, ...depends.map(specName)]);
  return [...specs.map(specName), ...needed];
}

function phaseDone(phase: "repodata" | "solve", milliseconds: number, count: number): void {
  onEvent({ type: "phase.done", phase, milliseconds: Math.round(milliseconds), count });
}

async function names(query: NamesQuery): Promise<WorkerReply> {
  const channels = await openChannels(query, await openFetcher(query));
  const subdirs = channels.flatMap((channel) => channel.subdirs);
  const found = await Promise.all(subdirs.map((subdir) => subdir.names(query.names)));
  return { type: "names", names: [...new Set(found.flatMap((some) => [...some]))] };
}

function failed(error: unknown): WorkerReply {
  const { code, message, remedy, cause } = error instanceof CondaError ? error : solveFailed(error);
  const reason = cause === undefined ? undefined : causeText(cause);
  return { type: "failed", error: { code, message, remedy, cause: reason } };
}

async function answer(query: WorkerQuery): Promise<void> {
  send(await (query.type === "solve" ? solve(query) : names(query)).catch(failed));
  parentPort?.close();
}

await answer(workerData as WorkerQuery);
