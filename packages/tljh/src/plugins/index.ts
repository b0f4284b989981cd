export { callConfigPostInstall, callNewUserCreate, callPostInstall } from "./calls.ts";
export { classify, type PluginRequest } from "./classify.ts";
export { type Contribution, type Contributions, collectContributions } from "./contributions.ts";
export { type InstallOptions, installNpmPlugins, missingNpmPlugins } from "./install.ts";
export {
  type LoadedPlugin,
  type LoadedPlugins,
  type LoadOptions,
  loadPlugins,
  type PluginFailure,
  requireAll,
} from "./load.ts";
