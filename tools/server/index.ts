export { type BaseEvent, type BaseOptions, makeBase } from "./base.ts";
export { CHANNEL_PORT, type ServedChannel, serveChannel } from "./channel.ts";
export { ServerError } from "./errors.ts";
export type { Forward } from "./forward.ts";
export type { RunResult } from "./process.ts";
export { checkRequirements, type Missing, requirements } from "./requirements.ts";
export {
  type BootOptions,
  type CreateOptions,
  type InsideOptions,
  type Running,
  Server,
} from "./server.ts";
export { cacheDirectory, listServers } from "./state.ts";
export { cleanLeftovers } from "./teardown.ts";
