export type { CallResult, HookCaller } from "./caller.ts";
export { PluggyError, type PluggyErrorText } from "./errors.ts";
export { type HookRelay, PluginManager } from "./manager.ts";
export {
  createHookimplMarker,
  type HookimplMarker,
  type Hookspec,
  type HookspecOptions,
  hookspec,
} from "./markers.ts";
export type {
  Attributed,
  HookimplOptions,
  HookShape,
  HookShapes,
  Implementation,
  Marked,
  Nothing,
  PluginOf,
  Settled,
} from "./types.ts";
