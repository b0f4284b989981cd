export { makeBase } from "./base.ts";
export { serveChannel } from "./channel.ts";
export { ServerError } from "./errors.ts";
export type { Forward } from "./forward.ts";
export type { RunResult } from "./process.ts";
export { checkRequirements, requirements } from "./requirements.ts";
export {
  type Running,
  Server,
} from "./server.ts";
export { cacheDirectory } from "./state.ts";
