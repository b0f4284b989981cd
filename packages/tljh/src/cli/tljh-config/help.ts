export interface CommandHelp {
  readonly summary: string;
  readonly operands: readonly {
    readonly name: string;
    readonly about: string;
    readonly optional?: true;
  }[];
  readonly examples: readonly string[];
  readonly options?: readonly (readonly [name: string, about: string])[];
}

const keyPath = (verb: string) => ({
  name: "key_path",
  about: `Dot separated path to configuration key to ${verb}`,
});

export const commands = {
  show: {
    summary: "Show current configuration",
    operands: [],
    options: [
      ["--effective", "With all defaults, as the hub sees it"],
      ["--json", "As JSON, for scripts"],
    ],
    examples: ["show", "show --effective", "show --json | jq .users.admin"],
  },
  unset: {
    summary: "Unset a configuration property",
    operands: [keyPath("unset")],
    examples: ["unset limits.memory", "unset https.letsencrypt"],
  },
  set: {
    summary: "Set a configuration property",
    operands: [keyPath("set"), { name: "value", about: "Value to set the configuration key to" }],
    examples: [
      "set limits.memory 4G",
      "set limits.cpu none",
      "set auth.DummyAuthenticator.password -- -starts-with-a-dash",
    ],
  },
  "add-item": {
    summary: "Add a value to a list for a configuration property",
    operands: [
      keyPath("add value to"),
      { name: "value", about: "Value to add to the configuration key" },
    ],
    examples: ["add-item users.admin alice", "add-item users.extra_user_groups.staff bob"],
  },
  "remove-item": {
    summary: "Remove a value from a list for a configuration property",
    operands: [
      keyPath("remove value from"),
      { name: "value", about: "Value to remove from key_path" },
    ],
    examples: ["remove-item users.admin alice"],
  },
  reload: {
    summary: "Reload a component to apply configuration change",
    operands: [
      {
        name: "{hub,proxy}",
        about: "Which component to reload; hub if none is given. Users' servers go on.",
        optional: true,
      },
    ],
    options: [["--timeout SECONDS", "How long to wait until it answers; 120 if not given"]],
    examples: ["reload", "reload proxy"],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>;

export type CommandName = keyof typeof commands;

export const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

const names = `{${Object.keys(commands).join(",")}}`;

/** One line: how the program, or one of its commands, is called. */
export function usage(command?: CommandName): string {
  if (command === undefined)
    return `usage: tljh-config [-h] [--config-path CONFIG_PATH] [--validate] [--no-validate] ${names} ...`;
  const { operands, options = [] }: CommandHelp = commands[command];
  const words = operands.map(({ name, optional }) => (optional ? `[${name}]` : name));
  return [
    "usage: tljh-config",
    command,
    "[-h]",
    ...options.map(([name]) => `[${name}]`),
    ...words,
  ].join(" ");
}

/** What `--help` prints. */
export function help(command?: CommandName): string {
  return command === undefined ? generalHelp() : commandHelp(command);
}

function generalHelp(): string {
  return sections(
    usage(),
    "Change the configuration of The Littlest JupyterHub, /opt/tljh/config/config.yaml.",
    [
      "positional arguments:",
      `  ${names}`,
      ...rows(Object.entries(commands).map(([name, { summary }]) => [`  ${name}`, summary])),
    ],
    [
      "options:",
      ...rows([
        ["-h, --help", "show this help message and exit"],
        ["--config-path CONFIG_PATH", "Path to TLJH config.yaml file"],
        ["--validate", "Validate the TLJH config"],
        ["--no-validate", "Do not validate the TLJH config"],
        ["--json", "Errors as JSON, for scripts"],
      ]),
    ],
    [
      "examples:",
      "  sudo tljh-config set limits.memory 4G",
      "  sudo tljh-config add-item users.admin alice",
      "  sudo tljh-config reload",
    ],
    "tljh-config set --help tells more of a command.",
  );
}

function commandHelp(command: CommandName): string {
  const { summary, operands, options = [], examples }: CommandHelp = commands[command];
  return sections(
    usage(command),
    `${summary}.`,
    operands.length > 0
      ? ["positional arguments:", ...rows(operands.map(({ name, about }) => [name, about]))]
      : [],
    ["options:", ...rows([["-h, --help", "show this help message and exit"], ...options])],
    ["examples:", ...examples.map((example) => `  sudo tljh-config ${example}`)],
  );
}

function sections(...parts: readonly (string | readonly string[])[]): string {
  const texts = parts.map((part) => (typeof part === "string" ? part : part.join("\n")));
  return `${texts.filter((text) => text !== "").join("\n\n")}\n`;
}

function rows(entries: readonly (readonly [string, string])[]): string[] {
  return entries.map(([name, about]) =>
    name.length < 21 ? `  ${name.padEnd(21)} ${about}` : `  ${name}\n${" ".repeat(24)}${about}`,
  );
}
