import { needsRoot, usageWrong } from "../errors/config.ts";
import { TljhError } from "../errors/error.ts";
import { serverPaths } from "../system/paths.ts";
import { errorText } from "./render-error.ts";
import { type Options, parseArguments } from "./tljh-config/arguments.ts";
import {
  type CommandHelp,
  type CommandName,
  commands,
  help,
  isCommand,
  usage,
} from "./tljh-config/help.ts";
import { type Io, standardIo } from "./tljh-config/io.ts";
import type { Services } from "./tljh-config/services.ts";

// What a command needs is loaded by that command alone, so that `tljh-config show` starts in an instant.

/** The `tljh-config` program. Gives back its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function run(
  argv: readonly string[],
  io: Io = standardIo(),
  services?: Services,
): Promise<number> {
  try {
    await perform(argv, io, services);
    return 0;
  } catch (error) {
    const ours = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
    io.err(errorText(error, { json: ours.includes("--json"), color: io.color }));
    return error instanceof TljhError && error.code === "CONFIG_USAGE" ? 2 : 1;
  }
}

async function perform(argv: readonly string[], io: Io, services?: Services): Promise<void> {
  const { command, operands, options } = parseArguments(argv, (what) => usageWrong(what, usage()));
  if (command === undefined) return io.out(help());
  if (!isCommand(command))
    throw usageWrong(`there is no command ${JSON.stringify(command)}`, usage());
  if (options.help) return io.out(help(command));
  checkOperands(command, operands);
  await carryOut(command, operands, { options, io, services });
}

function checkOperands(command: CommandName, given: readonly string[]): void {
  const wrong = (what: string) => usageWrong(`tljh-config ${command}: ${what}`, usage(command));
  const { operands }: CommandHelp = commands[command];
  const missing = operands.slice(given.length).filter(({ optional }) => !optional);
  if (missing.length > 0) throw wrong(`${missing.map(({ name }) => name).join(" and ")} missing`);
  const extra = given[operands.length];
  if (extra !== undefined)
    throw wrong(`${JSON.stringify(extra)} is too much; put a value with spaces in quotes`);
  if (command === "reload" && !["hub", "proxy", undefined].includes(given[0]))
    throw wrong(`there is no component ${JSON.stringify(given[0])}`);
}

interface Circumstances {
  readonly options: Options;
  readonly io: Io;
  readonly services: Services | undefined;
}

async function carryOut(
  command: CommandName,
  operands: readonly string[],
  { options, io, services }: Circumstances,
): Promise<void> {
  const standard = serverPaths();
  const file = options.configPath ?? standard.configFile;
  if (command === "show") {
    const { show } = await import("./tljh-config/show.ts");
    return show(file, options, io);
  }
  if (command !== "reload") {
    const { change } = await import("./tljh-config/change.ts");
    const { readPluginSections } = await import("../config/settings/sections.ts");
    const sections = await readPluginSections(standard.pluginSettings);
    return change(command, operands, { file, options, io, sections });
  }
  if (io.user !== 0) throw needsRoot();
  const { reloadHub, reloadProxy } = await import("./tljh-config/reload.ts");
  const { services: real } = await import("./tljh-config/services.ts");
  const reload = operands[0] === "proxy" ? reloadProxy : reloadHub;
  const paths = { ...standard, configFile: file };
  await reload({ paths, io, services: services ?? real, timeout: options.timeout });
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
