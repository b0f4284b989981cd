export { httpStatus, hubUrl, reachable } from "./answers.ts";
export { hubAssignments } from "./assignments.ts";
export { cullSettings } from "./cull.ts";
export { formatProxyConfiguration, proxyConfiguration } from "./proxy.ts";
export { formatHubConfig, writeHubConfig } from "./write.ts";
