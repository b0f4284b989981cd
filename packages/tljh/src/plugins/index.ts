export { checkContent } from "./add.ts";
export type { FailedPlugin } from "./asking/alone.ts";
export { type Answers, askPlugins, type ConfigOutcome } from "./asking/ask.ts";
export { callPostInstall } from "./calls.ts";
export { classify, type PluginRequest } from "./classify.ts";
export { type Contribution, type ListName, listNames } from "./contributions.ts";
export { folderContent } from "./copy-folder.ts";
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
export {
  formatLock,
  type LockedPlugin,
  type NpmTree,
  type PluginLock,
  readLock,
  requireLock,
} from "./lock/format.ts";
export { lockedSource, meetsPin } from "./lock/installed.ts";
export { readNpmTree } from "./lock/npm-tree.ts";
export { noPins, type PluginPins, pinsOf } from "./lock/pins.ts";
export { publicSpec } from "./lock/public-spec.ts";
export { readManifest } from "./manifest.ts";
export { findNodePlugins } from "./node-plugins.ts";
export { type NpmPackage, npmResolve } from "./npm.ts";
export { readPythonPlugins } from "./python/record.ts";
export { removeNpmPlugins, unwantedNpmPlugins } from "./remove.ts";
export {
  type ReportedFailure,
  readReports,
  toReport,
  updateReport,
  writeReport,
} from "./reports.ts";
export { type SettingText, settingsText } from "./settings/text.ts";
export { type PluginSource, readSources } from "./sources.ts";
