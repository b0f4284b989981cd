import { Command } from "commander";
import { mergeInstallation } from "../../install/installation.ts";
import { classify, pinsOf, readLock } from "../../plugins/index.ts";
import { applyServer } from "../apply.ts";
import { timingsOption } from "../render/timings.ts";
import { recordedServer } from "./recorded.ts";

interface AddFlags {
  readonly skipFailingPlugins?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

const examples = `
Examples:
  sudo tljh plugin add ./tljh-stars
  sudo tljh plugin add tljh-repo2docker npm:tljh-astronomy
  sudo tljh plugin add git+https://example.org/tljh-stars@v1.2

A plugin is a folder, npm:<spec> for npm, or anything else for pip. What is there already stays at its
version; a folder is copied again. See beforehand what would change: sudo tljh plan --plugin SPEC`;

export function addCommand(): Command {
  return new Command("add")
    .summary("install plugins, and what they contribute")
    .description("Install plugins on this server, and what they contribute to it.")
    .argument("<spec...>", "the plugins")
    .option("--skip-failing-plugins", "go on without plugins that fail; they are named")
    .option("--json", "events as JSON lines on standard output")
    .addOption(timingsOption())
    .addHelpText("after", examples)
    .action((specs: string[], flags: AddFlags) => addPlugins(specs, flags));
}

async function addPlugins(specs: readonly string[], flags: AddFlags): Promise<void> {
  const { paths, wanted: before } = await recordedServer("tljh plugin add");
  const plugins = await Promise.all(specs.map((spec) => classify(spec)));
  const wanted = mergeInstallation(before, { channels: [], plugins, userRequirementsTxtUrl: null });
  const folders = plugins.filter(({ kind }) => kind.startsWith("folder")).map(({ spec }) => spec);
  const pins = pinsOf(await readLock(paths.pluginLock), folders);
  const { json = false, timings } = flags;
  const skipFailing = flags.skipFailingPlugins ?? false;
  await applyServer({ paths, wanted, pins, admins: [], json, skipFailing, timings });
}
