export { type PrepareOptions, preparePackages } from "./cache/prepare.ts";
export { channelUrl, currentPlatform } from "./channel/channel.ts";
export { CondaError } from "./errors.ts";
export type { CondaEvent, CondaEventSink, CondaPhase } from "./events.ts";
export {
  availableNames,
  type ChannelRequest,
  type NamesRequest,
  type SolveRequest,
  solve,
} from "./solve/solve.ts";
export { detectVirtualPackages } from "./solve/virtual-packages.ts";
export type * from "./types.ts";
export { LINK_TYPES } from "./types.ts";
