import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { applyCommand } from "./apply.ts";
import { hubConfigCommand } from "./hub-config.ts";
import { installCommand } from "./install.ts";
import { planCommand } from "./plan.ts";
import { renderError } from "./render-error.ts";

/** The `tljh` program. Exit codes: 0 done, 1 an explained failure, 2 wrong usage, 130 interrupted. */
export async function run(argv: readonly string[]): Promise<number> {
  process.umask(0o022);
  const program = new Command("tljh")
    .description("The Littlest JupyterHub: one server, a JupyterHub for a class or a lab.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("Run with --help for usage.")
    .addCommand(installCommand())
    .addCommand(planCommand())
    .addCommand(applyCommand())
    .addCommand(hubConfigCommand(), { hidden: true });
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    renderError(error, { json: argv.includes("--json") });
    return 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
