import { Command } from "commander";
import { timingsOption } from "../render/timings.ts";
import { type SwitchFlags, switchPlugins } from "./switch.ts";

const examples = `
Examples:
  sudo tljh plugin disable stars
  sudo tljh plugin disable npm:tljh-stars

NAME is that of the plugin, of its package (then all plugins in it), or what it was added by.`;

export function disableCommand(): Command {
  return new Command("disable")
    .summary("take plugins out of use, and keep what they contributed")
    .description(
      "Take plugins out of use everywhere: they are loaded no more. What they contributed stays.",
    )
    .argument("<name...>", "the plugins")
    .option("--skip-failing-plugins", "go on without other plugins that fail; they are named")
    .option("--json", "events as JSON lines on standard output")
    .addOption(timingsOption())
    .addHelpText("after", examples)
    .action((names: string[], flags: SwitchFlags) => switchPlugins(names, false, flags));
}
