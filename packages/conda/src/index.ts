export { type PrepareOptions, preparePackages } from "./cache/prepare.ts";
export { CondaError } from "./errors.ts";
export type { CondaEvent, CondaEventSink, CondaPhase } from "./events.ts";
export type * from "./types.ts";
export { LINK_TYPES } from "./types.ts";
