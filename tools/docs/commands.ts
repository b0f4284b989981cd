import { tljh } from "../../packages/tljh/src/cli/main.ts";
import { commands as configCommands, help } from "../../packages/tljh/src/cli/tljh-config/help.ts";

type Command = ReturnType<typeof tljh>;

const intro = `# Commands

What \`--help\` prints. Both programs end with exit code 0 when done, 1 when they failed and said why, 2 when they were
called wrongly. With \`NO_COLOR\` set, or where no terminal is, they print no colours.`;

/** docs/commands.md: the help of each program and of each of its commands. */
export async function commandsPage(): Promise<string> {
  const names = Object.keys(configCommands) as (keyof typeof configCommands)[];
  const sections = [
    ...withCommandsOf(tljh(), []),
    section("tljh-config", help()),
    ...names.map((name) => section(`tljh-config ${name}`, help(name))),
  ];
  return `${[intro, ...sections].join("\n\n")}\n`;
}

const section = (title: string, text: string) =>
  `## ${title}\n\n\`\`\`text\n${text.trim()}\n\`\`\``;

/** The help of a command, followed by that of the commands which it lists. */
function withCommandsOf(command: Command, above: readonly string[]): string[] {
  const called = [...above, command.name()];
  const inner = command.createHelp().visibleCommands(command);
  return [
    section(called.join(" "), helpText(command)),
    ...inner.flatMap((one) => withCommandsOf(one, called)),
  ];
}

/** What `--help` prints where no terminal is. */
function helpText(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 80,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}
