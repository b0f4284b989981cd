import { Command, CommanderError } from "commander";
import { usageWrong } from "../errors/install.ts";
import { version } from "../version.ts";
import { applyCommand } from "./apply.ts";
import { doctorCommand } from "./doctor.ts";
import { Ended } from "./ended.ts";
import { envCommand } from "./env/command.ts";
import { hubConfigCommand } from "./hub-config.ts";
import { installCommand } from "./install.ts";
import { planCommand } from "./plan.ts";
import { pluginCommand } from "./plugin/command.ts";
import { renderError } from "./render-error.ts";
import { statusCommand } from "./status.ts";

/** The `tljh` program. Exit codes: 0 done, 1 an explained failure, 2 wrong usage, 130 interrupted. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = tljh();
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof Ended) return error.exitCode;
    const json = argv.includes("--json");
    if (!(error instanceof CommanderError)) {
      renderError(error, { json });
      return 1;
    }
    if (error.exitCode === 0) return 0;
    if (error.code !== "commander.help") renderError(explained(error, program, argv), { json });
    return 2;
  }
}

/** The program with its commands. Commander's own words for errors are not printed: they are rendered as all others are. */
export function tljh(): Command {
  const program = new Command("tljh")
    .description("The Littlest JupyterHub: one server, a JupyterHub for a class or a lab.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", "\ntljh install --help tells more of a command.")
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  const commands = [
    installCommand(),
    planCommand(),
    applyCommand(),
    statusCommand(),
    doctorCommand(),
    envCommand(),
    pluginCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  program.addCommand(hubConfigCommand(), { hidden: true });
  inherit(program);
  return program;
}

/** A command that was made by itself takes over how help and errors are dealt with, and so do those in it. */
function inherit(above: Command): void {
  for (const command of above.commands) {
    command.copyInheritedSettings(above);
    inherit(command);
  }
}

function explained(error: CommanderError, program: Command, argv: readonly string[]) {
  const what = error.message.replace(/^error: /, "").replace("\n(", " (");
  return usageWrong(what, calledCommand(program, argv).join(" "));
}

/** The names of the command that was called, as far as there are such: `tljh`, `plugin`, `add`. */
function calledCommand(above: Command, [word, ...rest]: readonly string[]): string[] {
  const command = above.commands.find((one) => one.name() === word);
  return [above.name(), ...(command ? calledCommand(command, rest) : [])];
}

if (import.meta.main) {
  process.umask(0o022);
  process.exitCode = await run(process.argv.slice(2));
}
