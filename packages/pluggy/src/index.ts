export type { DirectCaller, HistoricCaller, HookCaller } from "./caller.ts";
export { PluggyError, type PluggyErrorText } from "./errors.ts";
export { type HookRelay, PluginManager, type PluginManagerOptions } from "./manager.ts";
export {
  createHookimplMarker,
  type HookimplMarker,
  type Hookspec,
  type HookspecOptions,
  hookspec,
} from "./markers.ts";
export type { AfterCall, BeforeCall } from "./monitoring.ts";
export { Outcome } from "./outcome.ts";
export type {
  Attributed,
  CallResult,
  Hookimpl,
  HookimplOptions,
  HookShape,
  HookShapes,
  Hookwrapper,
  Implementation,
  Marked,
  Nothing,
  PluginOf,
  Settled,
  SettledOptions,
  Wrapper,
} from "./types.ts";
export type { PluggyWarning, WarningSink } from "./warnings.ts";
