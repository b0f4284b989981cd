import { Command } from "commander";
import { createCommand } from "./create.ts";
import { diffCommand } from "./diff.ts";
import { exportCommand } from "./export.ts";
import { gcCommand } from "./gc.ts";
import { historyCommand } from "./history.ts";
import { removeCommand } from "./remove.ts";
import { rollbackCommand } from "./rollback.ts";
import { updateCommand } from "./update.ts";
import { verifyCommand } from "./verify.ts";

const help = `
Examples:
  sudo tljh env history
  sudo tljh env rollback
  sudo tljh env verify --repair
  sudo tljh env export --explicit > class.lock

tljh env COMMAND --help tells more of a command.`;

/** `tljh env`: what the conda environments were, are, and can be again or elsewhere. One file a command. */
export function envCommand(): Command {
  const group = new Command("env")
    .summary("look at the environments, go back, verify, clean up, share")
    .description(
      "Look at the conda environments, go back to what they were, verify, clean up, make others of files.",
    )
    .addHelpText("after", help);
  const commands = [
    historyCommand(),
    diffCommand(),
    rollbackCommand(),
    verifyCommand(),
    gcCommand(),
    exportCommand(),
    updateCommand(),
    createCommand(),
    removeCommand(),
  ];
  for (const command of commands) group.addCommand(command);
  return group;
}
