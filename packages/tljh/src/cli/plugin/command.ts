import { Command } from "commander";

const examples = `
Examples:
  tljh plugin --help

tljh plugin COMMAND --help tells more of a command.`;

/** `tljh plugin`: what authors and administrators do with plugins, one file a command. */
export function pluginCommand(): Command {
  const group = new Command("plugin")
    .summary("make, check, add and remove plugins")
    .description("Make, check, add and remove plugins.")
    .addHelpText("after", examples);
  const commands: readonly Command[] = [];
  for (const command of commands) group.addCommand(command);
  return group;
}
