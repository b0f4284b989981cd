export type { FailedPlugin } from "./asking/alone.ts";
export { type Answers, askPlugins, type ConfigOutcome } from "./asking/ask.ts";
export { callPostInstall } from "./calls.ts";
export { classify, type PluginRequest } from "./classify.ts";
export { type Contribution, type ListName, listNames } from "./contributions.ts";
export { exchange } from "./exchange.ts";
export { installNpmPlugins, missingNpmPlugins } from "./install.ts";
export { type ConfigWrite, configWrites, valueAt } from "./ledger/config-writes.ts";
export {
  type Contributor,
  contributors,
  type Ledger,
  readLedger,
  writeLedger,
} from "./ledger/ledger.ts";
export { type LoadedPlugins, loadPlugins } from "./load.ts";
export { removeNpmPlugins, unwantedNpmPlugins } from "./remove.ts";
export { toReport, updateReport, writeReport } from "./reports.ts";
export { type PluginSource, readSources } from "./sources.ts";
