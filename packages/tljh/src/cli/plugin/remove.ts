import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { pluginByHand, pluginRemoveUnconfirmed } from "../../errors/plugin-commands.ts";
import type { Installation } from "../../install/installation.ts";
import { findPackages } from "../../install/plugins/find.ts";
import type { PluginPackage } from "../../install/plugins/inventory.ts";
import type { PlannedStep } from "../../resources/plan.ts";
import { applyServer } from "../apply.ts";
import { Ended } from "../ended.ts";
import { planServer, planText } from "../plan.ts";
import { timingsOption } from "../render/timings.ts";
import { type RecordedServer, recordedServer } from "./recorded.ts";

interface RemoveFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

const examples = `
Examples:
  sudo tljh plugin remove stars
  sudo tljh plugin remove --yes npm:tljh-stars ./tljh-moons

NAME is that of the plugin, of its package, or what it was added by. What the plugin alone has
contributed goes too: it is shown, and then asked about. What others need, and what was there before,
stays. To take a plugin out of use and keep what it contributed: sudo tljh plugin disable NAME`;

export function removeCommand(): Command {
  return new Command("remove")
    .summary("remove plugins, and what they alone contributed")
    .description("Remove plugins, and what they alone contributed to this server.")
    .argument("<name...>", "the plugins")
    .option("--yes", "do not ask, for scripts")
    .option("--json", "events as JSON lines on standard output, the plan first; needs --yes")
    .addOption(timingsOption())
    .addHelpText("after", examples)
    .action((names: string[], flags: RemoveFlags) => removePlugins(names, flags));
}

async function removePlugins(names: readonly string[], flags: RemoveFlags): Promise<void> {
  const server = await recordedServer("tljh plugin remove");
  const packages = findPackages(server.inventory, names);
  const wanted = withoutPackages(server.wanted, packages);
  const called = packages.map((one) => one.package);
  const canAsk = flags.json !== true && process.stdin.isTTY && process.stdout.isTTY;
  if (flags.yes !== true && !canAsk) throw pluginRemoveUnconfirmed(called);
  const steps = await planServer({ ...server, wanted });
  tell(packages, steps, flags.json ?? false);
  if (flags.yes !== true && !(await confirm(`Remove ${called.join(", ")}? [y/N] `))) {
    process.stdout.write("Nothing was removed.\n");
    throw new Ended(1);
  }
  const { paths, pins } = server;
  const { json = false, timings } = flags;
  await applyServer({ paths, wanted, pins, admins: [], json, timings });
}

/** What a server is asked to hold once packages are asked for no longer. */
function withoutPackages(
  wanted: RecordedServer["wanted"],
  packages: readonly PluginPackage[],
): Installation {
  const byHand = packages.find(({ request }) => request === null);
  if (byHand) throw pluginByHand(byHand.package, byHand.language);
  const specs = new Set(packages.map(({ request }) => request?.spec));
  const names = new Set(packages.flatMap(({ plugins }) => plugins));
  const { disabled = [], ...rest } = wanted;
  const stillDisabled = disabled.filter((name) => !names.has(name));
  return {
    ...rest,
    plugins: wanted.plugins.filter(({ spec }) => !specs.has(spec)),
    ...(stillDisabled.length > 0 ? { disabled: stillDisabled } : {}),
  };
}

function tell(packages: readonly PluginPackage[], steps: readonly PlannedStep[], json: boolean) {
  if (json) {
    process.stdout.write(`${JSON.stringify({ type: "plan", steps })}\n`);
    return;
  }
  for (const { package: name, plugins } of packages)
    if (plugins.length > 1)
      process.stdout.write(`${name} holds the plugins ${plugins.join(", ")}, which go together.\n`);
  process.stdout.write(`This is what changes:\n${planText(steps)}`);
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
