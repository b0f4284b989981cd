import { join } from "node:path";
import { execa } from "execa";
import { commands as configCommands } from "../../packages/tljh/src/cli/tljh-config/help.ts";

const intro = `# Commands

What \`--help\` prints. Both programs end with exit code 0 when done, 1 when they failed and said why, 2 when they were
called wrongly. With \`NO_COLOR\` set, or where no terminal is, they print no colours.`;

/** docs/commands.md: the help of each program and of each of its commands. */
export async function commandsPage(root: string): Promise<string> {
  const tljh = program(root, "packages/tljh/src/cli/main.ts", "tljh");
  const config = program(root, "packages/tljh/src/cli/tljh-config.ts", "tljh-config");
  const texts = await Promise.all([
    withCommandsOf(tljh, []),
    config([]),
    ...Object.keys(configCommands).map((name) => config([name])),
  ]);
  return `${[intro, ...texts.flat()].join("\n\n")}\n`;
}

/** The help of a command, followed by that of the commands which it lists. */
async function withCommandsOf(help: Program, command: readonly string[]): Promise<string[]> {
  const text = await help(command);
  const inner = namesIn(text).map((name) => withCommandsOf(help, [...command, name]));
  return [text, ...(await Promise.all(inner)).flat()];
}

type Program = (command: readonly string[]) => Promise<string>;

function program(root: string, file: string, name: string): Program {
  return async (command) => {
    const { stdout } = await execa(process.execPath, [join(root, file), ...command, "--help"], {
      env: { NO_COLOR: "1" },
      extendEnv: true,
    });
    return `## ${[name, ...command].join(" ")}\n\n\`\`\`text\n${stdout.trim()}\n\`\`\``;
  };
}

/** The commands that a program's help lists; `help` itself is none. */
function namesIn(help: string): string[] {
  const [, after = ""] = help.split("\nCommands:\n");
  // What follows the list, such as examples, is indented too.
  const [list = ""] = after.split("\n\n");
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = ""]) => name);
  return names.filter((name) => name !== "help");
}
