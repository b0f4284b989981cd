import { Command } from "commander";
import { diffCommand } from "./diff.ts";
import { gcCommand } from "./gc.ts";
import { historyCommand } from "./history.ts";
import { rollbackCommand } from "./rollback.ts";
import { verifyCommand } from "./verify.ts";

const help = `
Examples:
  sudo tljh env history
  sudo tljh env rollback
  sudo tljh env verify --repair

tljh env COMMAND --help tells more of a command.`;

/** `tljh env`: what the two conda environments were, are, and can be again. One file a command. */
export function envCommand(): Command {
  const group = new Command("env")
    .summary("look at the environments, go back, verify, clean up")
    .description("Look at the two conda environments, go back to what they were, verify, clean up.")
    .addHelpText("after", help);
  const commands = [
    historyCommand(),
    diffCommand(),
    rollbackCommand(),
    verifyCommand(),
    gcCommand(),
  ];
  for (const command of commands) group.addCommand(command);
  return group;
}
