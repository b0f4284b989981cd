import { Command } from "commander";
import type { EventSink } from "../events.ts";
import { type Installation, mergeInstallation } from "../install/installation.ts";
import { checkRoot } from "../install/preflight.ts";
import { type PluginPins, pinsOf, readLock } from "../plugins/index.ts";
import { apply } from "../resources/apply.ts";
import type { Admin } from "../resources/resource.ts";
import { server } from "../resources/server.ts";
import { type ServerPaths, serverPaths } from "../system/paths.ts";
import { serverAddress } from "./address.ts";
import { both, logSink, recordedInstallation, serverContext } from "./context.ts";
import { serverLock } from "./lock.ts";
import { progressSink } from "./render/progress.ts";
import { Timings, timingsOption } from "./render/timings.ts";
import { explain } from "./render-error.ts";

interface ApplyFlags {
  readonly json?: boolean;
  readonly timings?: boolean;
  readonly skipFailingPlugins?: boolean;
}

export function applyCommand(): Command {
  return new Command("apply")
    .summary("make this server as it was asked to be")
    .description("Make this server as it was asked to be; does nothing where it is so already.")
    .option("--skip-failing-plugins", "go on without plugins that fail; they are named")
    .option("--json", "events as JSON lines on standard output")
    .addOption(timingsOption())
    .addHelpText("after", "\nExamples:\n  sudo tljh plan\n  sudo tljh apply")
    .action(async ({ json = false, skipFailingPlugins, ...flags }: ApplyFlags) => {
      checkRoot("tljh apply");
      const paths = serverPaths();
      const wanted = recorded(await recordedInstallation(paths));
      const skipFailing = skipFailingPlugins ?? false;
      await applyServer({ ...flags, paths, wanted, admins: [], json, skipFailing });
    });
}

/** What is on record, or the defaults. */
export function recorded(installation: Installation | null): Installation {
  return mergeInstallation(installation, {
    channels: [],
    plugins: [],
    userRequirementsTxtUrl: null,
  });
}

/** Applies the whole server under its lock, rendering events on the screen and into the log. */
export async function applyServer(options: {
  readonly paths: ServerPaths;
  readonly wanted: Installation;
  readonly admins: readonly Admin[];
  readonly json: boolean;
  /** Whether plugins that fail take no part, instead of ending the run. */
  readonly skipFailing?: boolean;
  /** As what plugins are installed; as the server's own lock says by default. */
  readonly pins?: PluginPins;
  /** Whether it is said at the end where the time went. */
  readonly timings?: boolean | undefined;
}): Promise<void> {
  const { paths, json } = options;
  await using _lock = await serverLock(paths);
  const pins = options.pins ?? pinsOf(await readLock(paths.pluginLock));
  const timings = new Timings();
  const shown = json ? jsonSink : progressSink(process.stdout);
  const emit = both(shown, logSink(paths.installerLog), timings.sink);
  const context = serverContext({ ...options, pins, dryRun: false, emit });
  const started = performance.now();
  try {
    const { changed } = await apply(server, context);
    if (!json) await printOutcome(paths, changed, (performance.now() - started) / 1000);
  } finally {
    if (options.timings) process.stderr.write(timings.text());
    await context.close();
  }
}

const jsonSink: EventSink = (event) => {
  const plain = event.type === "step.failed" ? { ...event, error: explain(event.error) } : event;
  process.stdout.write(`${JSON.stringify(plain)}\n`);
};

async function printOutcome(
  paths: ServerPaths,
  changed: readonly string[],
  seconds: number,
): Promise<void> {
  const took = `${seconds.toFixed(1)} s`;
  const outcome =
    changed.length === 0
      ? `Nothing to do (${took}).`
      : `Done in ${took}. Log: ${paths.installerLog}`;
  process.stdout.write(`${outcome}\nThe hub is at ${await serverAddress(paths)}\n`);
}
