import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventSink } from "../events.ts";
import { type Installation, readInstallation } from "../install/installation.ts";
import {
  type Answers,
  type LoadedPlugins,
  loadPlugins,
  noPins,
  type PluginPins,
} from "../plugins/index.ts";
import { type Asker, askServer } from "../resources/asking.ts";
import type { Admin, ServerContext } from "../resources/resource.ts";
import { type ServerPaths, serverPaths } from "../system/paths.ts";
import { logLines } from "./render/log.ts";

/** The release this program runs from: the folder above `lib`. */
function releaseFolder(): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), "..");
}

export interface ContextOptions {
  readonly paths?: ServerPaths;
  readonly wanted: Installation;
  readonly admins?: readonly Admin[];
  /** None by default. */
  readonly pins?: PluginPins;
  readonly dryRun: boolean;
  /** Whether plugins that fail take no part, instead of ending the run. */
  readonly skipFailing?: boolean;
  readonly emit: EventSink;
}

/** What the resources work with, and a way to end what it started (the processes of plugins). */
export function serverContext(options: ContextOptions): ServerContext & { close(): Promise<void> } {
  const paths = options.paths ?? serverPaths();
  const scratch =
    options.dryRun && !existsSync(paths.packages)
      ? mkdtempSync(join(tmpdir(), "tljh-plan-"))
      : null;
  const context: Asker = {
    paths,
    wanted: options.wanted,
    admins: options.admins ?? [],
    emit: options.emit,
    dryRun: options.dryRun,
    skipFailing: options.skipFailing ?? false,
  };
  const plugins = loadedOnce(context);
  let answers: Promise<Answers> | null = null;
  return {
    ...context,
    pins: options.pins ?? noPins,
    release: releaseFolder(),
    cacheDir: scratch ?? paths.packages,
    plugins: plugins.load,
    forgetPlugins: plugins.forget,
    contributions() {
      answers ??= plugins.load().then((loaded) => askServer(context, loaded));
      return answers;
    },
    async close() {
      await plugins.forget();
      if (scratch !== null) await rm(scratch, { recursive: true, force: true });
    },
  };
}

/**
 * The plugins, loaded when they are asked for, and again once they were forgotten. Which are disabled says what is
 * wanted: the record says it only when it has come true.
 */
function loadedOnce({ paths, wanted: { disabled = [] }, emit }: Asker) {
  const onLine = (line: string) => emit({ type: "output", command: "plugins", line });
  let plugins: Promise<LoadedPlugins> | null = null;
  return {
    load: () => {
      plugins ??= loadPlugins({ paths, disabled, onLine });
      return plugins;
    },
    forget: async () => {
      const loaded = plugins;
      plugins = null;
      await loaded?.then(
        (found) => found.close(),
        () => {},
      );
    },
  };
}

/** What the server was asked to hold before; nothing beyond the defaults on a fresh one. */
export function recordedInstallation(paths: ServerPaths): Promise<Installation | null> {
  return readInstallation(paths.installation);
}

/** Writes every event to `installer.log`, readable by root only (mode 0500, as the original has it). */
export function logSink(path: string): EventSink {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, "", { mode: 0o500 });
  chmodSync(path, 0o500);
  return (event) => {
    for (const line of logLines(event))
      appendFileSync(path, `${new Date().toISOString()} ${line}\n`);
  };
}

export function both(...sinks: readonly EventSink[]): EventSink {
  return (event) => {
    for (const sink of sinks) sink(event);
  };
}
