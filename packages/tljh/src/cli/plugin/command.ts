import { Command } from "commander";
import { newCommand } from "./new.ts";
import { testCommand } from "./test.ts";

const examples = `
Examples:
  tljh plugin new stars
  tljh plugin test ./tljh-stars

tljh plugin COMMAND --help tells more of a command.`;

/** `tljh plugin`: what authors and administrators do with plugins, one file a command. */
export function pluginCommand(): Command {
  const group = new Command("plugin")
    .summary("make, check, add and remove plugins")
    .description("Make, check, add and remove plugins.")
    .helpCommand(false)
    .addHelpText("after", examples);
  const commands = [newCommand(), testCommand()];
  for (const command of commands) group.addCommand(command);
  return group;
}
