import { Command } from "commander";
import { timingsOption } from "../render/timings.ts";
import { type SwitchFlags, switchPlugins } from "./switch.ts";

const examples = `
Examples:
  sudo tljh plugin enable stars
  sudo tljh plugin enable npm:tljh-stars

NAME is that of the plugin, of its package (then all plugins in it), or what it was added by.`;

export function enableCommand(): Command {
  return new Command("enable")
    .summary("take disabled plugins into use again")
    .description("Take plugins that were disabled into use again.")
    .argument("<name...>", "the plugins")
    .option("--skip-failing-plugins", "go on without other plugins that fail; they are named")
    .option("--json", "events as JSON lines on standard output")
    .addOption(timingsOption())
    .addHelpText("after", examples)
    .action((names: string[], flags: SwitchFlags) => switchPlugins(names, true, flags));
}
