import type { CondaEventSink } from "../events.ts";
import { Mirrors } from "../fetch/mirrors.ts";
import { channelUrl } from "./channel.ts";

/** Mirrors by channel, both as an admin writes them: names or URLs, with credentials where needed. */
export type MirrorTable = Readonly<Record<string, readonly string[]>>;

/** Throws CONDA_CHANNEL_INVALID. */
export function openMirrors(table: MirrorTable = {}, onEvent?: CondaEventSink): Mirrors {
  const entries = Object.entries(table).map(
    ([channel, mirrors]) => [channelUrl(channel), mirrors.map(channelUrl)] as const,
  );
  return new Mirrors(new Map(entries), onEvent);
}
