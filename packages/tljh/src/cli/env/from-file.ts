import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  type ChangeOptions,
  type ChangeResult,
  type CondaEventSink,
  changeEnvironment,
  channelUrl,
  currentPlatform,
  type EnvironmentFile,
  explicitSource,
  type PackageChange,
  type PackageSource,
  planEnvironment,
  readEnvironmentFile,
  removeTreeLater,
  type StagedPrefix,
  specName,
} from "@tljh/conda";
import { loadConfig } from "../../config/load.ts";
import type { EventSink } from "../../events.ts";
import { checkEnvironment } from "../../install/check/check.ts";
import { packageSpecs } from "../../install/package-specs.ts";
import {
  changePipEntries,
  missingPipEntries,
  type PipEntry,
  readPipRecord,
} from "../../install/pip.ts";
import { isPart } from "../../system/paths.ts";
import { recordedInstallation } from "../context.ts";
import type { NamedEnvironment } from "./environment.ts";
import { pipArgument } from "./pip-lines.ts";

export interface FileFlags {
  readonly file: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

/** What a file asks of an environment, before it is done. */
export interface FileRequest {
  readonly environment: NamedEnvironment;
  readonly content: EnvironmentFile;
  /** The file's own name, which stands for it as who asks. */
  readonly label: string;
  /** Where pip finds what the file names without a path from / on. */
  readonly folder: string;
  readonly command: string;
  readonly prune: boolean;
}

export function readRequestFile(file: string): Pick<FileRequest, "content" | "label" | "folder"> {
  const path = resolve(file);
  return {
    content: readEnvironmentFile(path, currentPlatform()),
    label: basename(path),
    folder: dirname(path),
  };
}

/** The packages that would be other than before, and what pip would be asked for. Changes nothing. */
export async function planFromFile(
  request: FileRequest,
  onEvent: CondaEventSink,
): Promise<{ readonly changes: readonly PackageChange[]; readonly pip: readonly string[] }> {
  const options = await changeOptions(request, onEvent);
  const { transaction } = await planEnvironment(options, ...sourceOf(request, true));
  const changes = transaction.operations.map((operation): PackageChange => {
    const from = operation.kind === "install" ? undefined : operation.from;
    const to = operation.kind === "remove" ? undefined : operation.to;
    const name = (to ?? from)?.name ?? "";
    const because = options.reasons?.[name];
    return {
      manager: "conda",
      name,
      ...(from && { from: `${from.version} ${from.build}` }),
      ...(to && { to: `${to.version} ${to.build}` }),
      ...(because && to && { because }),
    };
  });
  const pip = await missingPip(request);
  return { changes, pip: pip.map(({ value }) => value) };
}

/** Brings an environment to what a file says: staged, checked and exchanged as every change is. */
export async function changeFromFile(
  request: FileRequest,
  onEvent: CondaEventSink,
  emit: EventSink,
): Promise<ChangeResult> {
  const options = await changeOptions(request, onEvent);
  const { name, prefix } = request.environment;
  const isMore = (await missingPip(request)).length > 0 || lacksVariables(request, prefix);
  return changeEnvironment(
    {
      ...options,
      ...(isMore && { extend: (staged) => extendStaged(staged, request, emit) }),
      check: (staged) => checkEnvironment(staged, name),
    },
    ...sourceOf(request, false),
  );
}

function sourceOf({ content, prune }: FileRequest, dryRun: boolean): [] | [PackageSource] {
  if (content.kind === "yaml") return [];
  return [explicitSource(content.packages, { prune, dryRun })];
}

async function changeOptions(
  { environment, content, label, command, prune }: FileRequest,
  onEvent: CondaEventSink,
): Promise<ChangeOptions> {
  const { name, paths, prefix, snapshotsDir } = environment;
  const { effective } = await loadConfig(paths.configFile);
  const server = (await recordedInstallation(paths))?.channels ?? packageSpecs.channels;
  // Addresses below them get their credentials.
  for (const channel of server) channelUrl(channel);
  const own = content.kind === "yaml" ? content.channels : [];
  return {
    prefix,
    snapshotsDir,
    cacheDir: paths.packages,
    channels: [...new Set([...own, ...server])],
    mirrors: effective.conda.mirrors,
    platform: currentPlatform(),
    command,
    onEvent,
    removeTree: removeTreeLater,
    ...asked(content, name, label),
    ...(content.kind === "explicit" ? { exact: true } : { prune }),
  };
}

/** What a server needs of its own environments is asked for beside what the file lists. */
function asked(content: EnvironmentFile, name: string, label: string) {
  if (content.kind === "explicit") {
    const reasons = Object.fromEntries(content.packages.map((one) => [one.name, label]));
    return { specs: [], reasons };
  }
  const required = isPart(name) ? packageSpecs[name].required : [];
  const hasPip = content.specs.some((spec) => specName(spec) === "pip");
  const pip = content.pip.length > 0 && !hasPip ? ["pip"] : [];
  const specs = [...required, ...pip, ...content.specs];
  return {
    specs,
    reasons: Object.fromEntries(content.specs.map((spec) => [specName(spec), label])),
  };
}

function pipEntries({ content, label, folder }: FileRequest): readonly PipEntry[] {
  if (content.kind === "explicit") return [];
  return content.pip.map((line) => ({ value: pipArgument(line, folder), because: label }));
}

async function missingPip(request: FileRequest): Promise<readonly PipEntry[]> {
  return missingPipEntries(await readPipRecord(request.environment.prefix), pipEntries(request));
}

async function extendStaged(
  staged: StagedPrefix,
  request: FileRequest,
  emit: EventSink,
): Promise<void> {
  const { name } = request.environment;
  await changePipEntries(staged, name, { wanted: pipEntries(request), dropped: [] }, emit);
  if (!lacksVariables(request, staged.directory)) return;
  const state = withVariables(request, staged.directory);
  writeState(staged.directory, `${JSON.stringify(state, null, 2)}\n`);
}

/** Where conda keeps the variables that it sets when an environment is activated. */
const STATE = "conda-meta/state";

interface State {
  readonly env_vars?: Readonly<Record<string, string>>;
}

function lacksVariables(request: FileRequest, directory: string): boolean {
  const before = JSON.stringify(readState(directory));
  return JSON.stringify(withVariables(request, directory)) !== before;
}

function withVariables({ content }: FileRequest, directory: string): State {
  const state = readState(directory);
  if (content.kind === "explicit" || Object.keys(content.variables).length === 0) return state;
  return { ...state, env_vars: { ...state.env_vars, ...content.variables } };
}

/** Never through the hard link that the live environment shares. */
function writeState(directory: string, text: string): void {
  const file = join(directory, STATE);
  rmSync(file, { force: true });
  writeFileSync(file, text, { flag: "wx", mode: 0o644 });
}

function readState(directory: string): State {
  try {
    return JSON.parse(readFileSync(join(directory, STATE), "utf8")) as State;
  } catch {
    return {};
  }
}
