import { findMessages, type Message } from "./find.ts";
import { findPythonMessages } from "./python.ts";
import { isOnlyValues } from "./shown.ts";

/** The areas, by what the codes begin with, in the order of the page. */
const areas: readonly (readonly [prefix: string, title: string, about: string])[] = [
  ["INSTALL", "Installation", "`tljh install`, `tljh plan` and `tljh apply`."],
  ["CONFIG", "Configuration", "`config.yaml` and `tljh-config`."],
  ["PLUGIN", "Plugins", "Finding, installing, loading and asking plugins."],
  ["PLUGGY", "Hooks", "What a plugin does with its hooks, and what `@tljh/pluggy` is asked to do."],
  ["CONDA", "Environments", "Channels, packages and the two conda environments."],
  ["ENVIRONMENT", "Looking after environments", "`tljh env`."],
  ["HUB", "JupyterHub", "Its configuration, and `tljh-config reload`."],
  [
    "DAEMON",
    "Accounts, servers and passwords",
    "`tljhd`; these stand in its log, and on the page where a student waits for a server.",
  ],
  ["PROXY", "Proxy", "`tljh-proxy`; these stand in its log."],
  [
    "RPC",
    "Between the parts",
    "What the hub, the daemon and the host of Python plugins say to one another.",
  ],
  ["", "Others", ""],
];

const intro = `# Errors

Every error of The Littlest JupyterHub has a code, which is the last line of what the terminal shows, and stands
before the message in \`/opt/tljh/installer.log\` and in the journal. Values stand here as \`<name>\`, what is not
always said in \`[brackets]\`, alternatives between \`|\`.`;

/** docs/errors.md */
export async function errorsPage(root: string): Promise<string> {
  const messages = [...(await findMessages(root)), ...(await findPythonMessages(root))];
  checkMessages(messages);
  const sections = areas.map(([prefix, title, about]) => {
    const inArea = messages.filter(({ code }) => areaOf(code) === prefix);
    return sectionText(title, about, inArea);
  });
  return `${[intro, ...sections].join("\n\n")}\n`;
}

/**
 * Throws for a code that stands in two functions of one language, and for a message that does not explain
 * itself. Plugins of both languages fail with the same codes.
 */
export function checkMessages(messages: readonly Message[]): void {
  const makers = new Map<string, string>();
  for (const message of messages) {
    const { code, file, line } = message;
    const maker = `${file}: ${message.maker}`;
    const key = message.maker === "" ? `${code} in Python` : code;
    const other = makers.get(key) ?? maker;
    makers.set(key, maker);
    if (other !== maker) throw new Error(`${code} stands in two functions: ${other}, and ${maker}`);
    if (!explainsItself(message))
      throw new Error(
        `${file}:${line}: ${code} says too little; give ${message.maker} a doc comment`,
      );
  }
}

/** Python's errors have no doc comments of their own; a warning need not say what to do. */
function explainsItself({ kind, maker, about, messages, remedies }: Message): boolean {
  const telling = (texts: readonly string[]) => texts.some((text) => !isOnlyValues(text));
  if (maker === "" || about !== "") return true;
  return telling(messages) && (kind === "warning" || telling(remedies));
}

function areaOf(code: string): string {
  const prefix = code.split("_")[0] ?? "";
  return areas.some(([known]) => known === prefix) ? prefix : "";
}

function sectionText(title: string, about: string, messages: readonly Message[]): string {
  const byCode = Map.groupBy(messages, ({ code }) => code);
  const entries = [...byCode].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [`## ${title}`, about, ...entries.map(([code, all]) => entryText(code, all))]
    .filter((text) => text !== "")
    .join("\n\n");
}

function entryText(code: string, all: readonly Message[]): string {
  const about = all.map((message) => message.about).find((text) => text !== "");
  const lines = [
    ...labelled(
      all[0]?.kind ?? "error",
      all.flatMap(({ messages }) => messages),
    ),
    ...labelled(
      "what to do",
      all.flatMap(({ remedies }) => remedies),
    ),
  ];
  const shown = lines.length > 0 ? `\`\`\`text\n${lines.join("\n")}\n\`\`\`` : "";
  return [`### ${code}`, about ?? "", shown].filter((text) => text !== "").join("\n\n");
}

/** The lines as the terminal shows them; texts that are nothing but values are left to the description. */
function labelled(label: string, texts: readonly string[]): string[] {
  const telling = [...new Set(texts)].filter((text) => !isOnlyValues(text));
  return telling.map((text, index) => {
    const name = index === 0 ? label : "or".padStart(label.length);
    return `${name}: ${text.replaceAll("\n", "\n  ")}`;
  });
}
