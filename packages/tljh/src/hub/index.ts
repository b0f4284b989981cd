export { httpStatus, hubUrl } from "./answers.ts";
export { type Assignment, hubAssignments } from "./assignments.ts";
export { type CullSettings, cullSettings } from "./cull.ts";
export {
  formatProxyConfiguration,
  type ProxyConfiguration,
  proxyConfiguration,
  writeProxyConfig,
} from "./proxy.ts";
export { type Recording, recordConfig } from "./record.ts";
export {
  formatHubConfig,
  type HubConfig,
  type HubConfigOptions,
  type HubPluginFailure,
  type HubPlugins,
  makeHubConfig,
  writeHubConfig,
} from "./write.ts";
