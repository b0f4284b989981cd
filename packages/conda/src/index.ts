export { type PrepareOptions, preparePackages } from "./cache/prepare.ts";
export { channelUrl, currentPlatform } from "./channel/channel.ts";
export { type ChangeResult, changeEnvironment, planEnvironment } from "./environment/change.ts";
export type { ChangeOptions, EnvironmentOptions, PackageSource } from "./environment/options.ts";
export type { EnvironmentPlan } from "./environment/plan.ts";
export { type RollbackOptions, rollBack } from "./environment/roll-back.ts";
export { CondaError } from "./errors.ts";
export type { CondaEvent, CondaEventSink, CondaPhase } from "./events.ts";
export {
  collectGarbage,
  type Garbage,
  type GarbageItem,
  type GarbageOptions,
} from "./garbage/collect.ts";
export { removeEnvironment } from "./garbage/remove.ts";
export type { Generation, PackageChange } from "./generations/generation.ts";
export type { KeptPrefix } from "./generations/journal.ts";
export { diffGenerations, type ListedGeneration, listGenerations } from "./generations/list.ts";
export { changeText } from "./generations/messages.ts";
export {
  type EnvironmentFile,
  type ExplicitFile,
  readEnvironmentFile,
  type YamlFile,
} from "./interchange/environment-file.ts";
export { explicitSource } from "./interchange/explicit-source.ts";
export { exportExplicit, exportYaml, type YamlOptions } from "./interchange/export.ts";
export {
  parseHistory,
  type Revision,
  readHistory,
  requestedSpecs,
  specName,
} from "./prefix/history.ts";
export { pipDistributions, recordedFiles } from "./prefix/pip.ts";
export { readPrefixRecords } from "./prefix/records.ts";
export {
  availableNames,
  type ChannelRequest,
  type NamesRequest,
  type SolveRequest,
  solve,
} from "./solve/solve.ts";
export { detectVirtualPackages } from "./solve/virtual-packages.ts";
export { exchange } from "./stage/exchange.ts";
export { lockPrefix, type PrefixLock } from "./stage/lock.ts";
export { removeTreeLater } from "./stage/remove-tree.ts";
export type { RunOptions, RunResult } from "./stage/run.ts";
export { type StagedPrefix, type StageOptions, stagePrefix } from "./stage/stage.ts";
export {
  isEmpty,
  type Operation,
  planTransaction,
  sitePackages,
  type Transaction,
  toLink,
  toUnlink,
} from "./transaction/transaction.ts";
export type * from "./types.ts";
export { LINK_TYPES } from "./types.ts";
export { type Repair, type RepairOptions, repairPrefix } from "./verify/repair.ts";
export { type DamagedFile, type Verification, verifyPrefix } from "./verify/verify.ts";
