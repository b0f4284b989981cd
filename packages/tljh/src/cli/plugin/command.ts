import { Command } from "commander";
import { addCommand } from "./add.ts";
import { checkCommand } from "./check.ts";
import { disableCommand } from "./disable.ts";
import { enableCommand } from "./enable.ts";
import { listCommand } from "./list.ts";
import { newCommand } from "./new.ts";
import { removeCommand } from "./remove.ts";
import { showCommand } from "./show.ts";
import { testCommand } from "./test.ts";
import { upgradeCommand } from "./upgrade.ts";

const examples = `
Examples:
  sudo tljh plugin list
  sudo tljh plugin add ./tljh-stars
  tljh plugin new stars
  tljh plugin check ./tljh-stars
  tljh plugin test ./tljh-stars

tljh plugin COMMAND --help tells more of a command.`;

/** `tljh plugin`: what authors and administrators do with plugins, one file a command. */
export function pluginCommand(): Command {
  const group = new Command("plugin")
    .summary("make, check, add and remove plugins")
    .description("Make, check, add and remove plugins.")
    .helpCommand(false)
    .addHelpText("after", examples);
  const commands = [
    listCommand(),
    showCommand(),
    addCommand(),
    removeCommand(),
    upgradeCommand(),
    disableCommand(),
    enableCommand(),
    newCommand(),
    checkCommand(),
    testCommand(),
  ];
  for (const command of commands) group.addCommand(command);
  return group;
}
