export { callConfigPostInstall, callPostInstall } from "./calls.ts";
export { classify, type PluginRequest } from "./classify.ts";
export { type Contribution, collectContributions } from "./contributions.ts";
export { exchange } from "./exchange.ts";
export { installNpmPlugins, missingNpmPlugins } from "./install.ts";
export { type LoadedPlugins, loadPlugins, requireAll } from "./load.ts";
export { removeNpmPlugins, unwantedNpmPlugins } from "./remove.ts";
export type { PluginSource } from "./sources.ts";
