import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CondaEventSink, KeptPrefix } from "@tljh/conda";
import { InvalidArgumentError, Option } from "commander";
import { environmentMissing } from "../../errors/environments.ts";
import type { EventSink } from "../../events.ts";
import { checkRoot } from "../../install/preflight.ts";
import { isPart, type ServerPaths, serverPaths } from "../../system/paths.ts";
import { both, logSink } from "../context.ts";
import { serverLock } from "../lock.ts";
import { progressSink } from "../render/progress.ts";
import { Timings } from "../render/timings.ts";

export interface EnvironmentFlags {
  readonly environment: string;
  readonly json?: boolean;
  readonly timings?: boolean;
}

export function environmentOption(): Option {
  return new Option("--environment <name>", "hub, user, or one made with tljh env create")
    .argParser(environmentName)
    .default("user");
}

/** A name that is a folder's, and that conda takes too. */
export function environmentName(text: string): string {
  const isOurs = /\.(?:staged|failed)-/.test(text);
  if (!isOurs && /^[a-z0-9][\w.-]{0,63}$/i.test(text)) return text;
  throw new InvalidArgumentError(
    "An environment's name has letters, digits, - . and _, begins with a letter or digit, and is short.",
  );
}

/** Where an environment is, or would be. */
export function environmentPrefix(paths: ServerPaths, name: string): string {
  if (isPart(name)) return paths[name];
  return join(paths.environments, name);
}

/** Every environment that is there: the two, then those that an admin made. */
export function allPrefixes(paths: ServerPaths): string[] {
  const made = existsSync(paths.environments) ? readdirSync(paths.environments) : [];
  const isMade = (prefix: string) => existsSync(join(prefix, "conda-meta"));
  return [
    ...[paths.hub, paths.user].filter((prefix) => existsSync(prefix)),
    ...made
      .filter((name) => !/\.(?:staged|failed)-/.test(name))
      .map((name) => join(paths.environments, name))
      .filter(isMade),
  ];
}

/** "User environment": the title of a step about one. */
export function environmentTitle(name: string): string {
  if (isPart(name)) return `${name === "hub" ? "Hub" : "User"} environment`;
  return `Environment ${name}`;
}

/** A generation's number, as it is written on the command line. */
export function generationNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError("A generation is a whole number from 1 on.");
  }
  return number;
}

/** A whole number from 0 on. */
export function count(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is no whole number from 0 on.");
  return number;
}

export interface NamedEnvironment extends KeptPrefix {
  readonly name: string;
  readonly paths: ServerPaths;
}

/** The environment that a command is about. Throws where there is none, and unless root asks. */
export function namedEnvironment(command: string, name: string): NamedEnvironment {
  checkRoot(command);
  const paths = serverPaths();
  const prefix = environmentPrefix(paths, name);
  if (!existsSync(join(prefix, "conda-meta"))) throw environmentMissing(name, prefix);
  return { name, paths, prefix, snapshotsDir: paths.snapshots };
}

export interface StepOptions {
  readonly title: string;
  readonly json: boolean;
  /** Whether it is said at the end where the time went. */
  readonly timings?: boolean | undefined;
}

/** Does what takes a while under the server's lock; shows how far it is, and writes it into the log. */
export async function asStep<T>(
  { name, paths }: Pick<NamedEnvironment, "name" | "paths">,
  { title, json, timings }: StepOptions,
  action: (
    onEvent: CondaEventSink,
    emit: EventSink,
  ) => Promise<{ readonly result: T; readonly summary: string }>,
): Promise<T> {
  await using _lock = await serverLock(paths);
  const log = logSink(paths.installerLog);
  const timed = new Timings();
  const sinks = [log, timed.sink, ...(json ? [] : [progressSink(process.stdout)])];
  const emit = both(...sinks);
  const started = performance.now();
  const step = "env";
  emit({ type: "step.start", step, title, index: 0, count: 1 });
  try {
    const { result, summary } = await action((event) => {
      if (event.type === "warning") emit(event);
      else emit({ type: "conda", environment: name, event });
    }, emit);
    const milliseconds = performance.now() - started;
    emit({ type: "step.done", step, title, changed: summary !== "", milliseconds, summary });
    return result;
  } catch (error) {
    emit({ type: "step.failed", step, error });
    throw error;
  } finally {
    if (timings) process.stderr.write(timed.text());
  }
}

export function print(text: string): void {
  process.stdout.write(text);
}

export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}
