import { styleText } from "node:util";
import type { Contributed, PluginView } from "../../install/plugins/view.ts";
import type { SettingText } from "../../plugins/index.ts";

export interface PluginPage {
  readonly color: boolean;
}

const LANGUAGES = { typescript: "TypeScript", python: "Python" } as const;

const LISTS: readonly (readonly [Exclude<keyof Contributed, "config">, string])[] = [
  ["userCondaPackages", "conda, for users"],
  ["userCondaChannels", "conda channels"],
  ["userPipPackages", "pip, for users"],
  ["hubPipPackages", "pip, for the hub"],
  ["aptPackages", "Debian packages"],
];

/** A row for each plugin, and below it what it does and what of it is not as it should be. */
export function pluginTable(views: readonly PluginView[], page: PluginPage): string {
  if (views.length === 0) return "No plugins. One is added with: sudo tljh plugin add SPEC\n";
  const rows = views.map(({ name, version, language, from, status }) => [
    name,
    version ?? "-",
    LANGUAGES[language],
    from ?? "installed by hand",
    status,
  ]);
  const head = ["PLUGIN", "VERSION", "LANGUAGE", "FROM", "STATUS"];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const blocks = views.flatMap((view, index) => [
    paint(statusColour(view), line(rows[index] ?? []), page),
    ...detailLines(view).map((text) => paint("dim", `    ${text}`, page)),
  ]);
  return `${[paint("bold", line(head), page), ...blocks].join("\n")}\n`;
}

/** One plugin in full. */
export function pluginDetails(
  view: PluginView,
  settings: readonly SettingText[],
  page: PluginPage,
): string {
  const facts: (readonly [string, string])[] = [
    ["package", `${view.package} ${view.version ?? ""}`.trim()],
    ["language", LANGUAGES[view.language]],
    ["from", view.from ?? "installed by hand"],
    ["status", view.status],
  ];
  const told = facts.map(([name, text]) => `  ${name.padEnd(12)}${text}`);
  return `${[
    paint("bold", view.name, page),
    ...told,
    ...section("Hooks", view.hooks ?? ["not known, since it was not loaded"], page),
    ...section("Contributed", contributedLines(view.contributed), page),
    ...section("Settings", settings.flatMap(settingLines), page),
    ...section("Problems", view.problems.flatMap(problemLines), page),
  ].join("\n")}\n`;
}

function section(title: string, lines: readonly string[], page: PluginPage): string[] {
  if (lines.length === 0) return [];
  return ["", paint("bold", title, page), ...lines.map((line) => `  ${line}`)];
}

function detailLines({ hooks, contributed, problems }: PluginView): string[] {
  return [
    ...(hooks && hooks.length > 0 ? [`hooks: ${hooks.join(", ")}`] : []),
    ...contributedLines(contributed),
    ...problems.flatMap(problemLines),
  ];
}

function contributedLines(contributed: Contributed | null): string[] {
  if (contributed === null) return [];
  const lists = LISTS.map(([name, title]) => [title, contributed[name]] as const);
  const all = [...lists, ["config.yaml", contributed.config] as const];
  return all.flatMap(([title, values]) =>
    values.length === 0 ? [] : [`${title}: ${values.join(", ")}`],
  );
}

const settingLines = ({ path, description, value, default: standard, example }: SettingText) => [
  path,
  `  ${description}`,
  `  value: ${value}; default: ${standard}`,
  `  ${example}`,
];

const problemLines = ({ hook, message, remedy, code }: PluginView["problems"][number]) => [
  ...(hook === null ? message : `in ${hook}: ${message}`).split("\n"),
  `what to do: ${remedy}`,
  `code: ${code}`,
];

function statusColour({ status }: PluginView) {
  if (status === "active") return "green";
  return status === "disabled" ? "yellow" : "red";
}

type Style = "bold" | "dim" | "green" | "yellow" | "red";

const paint = (style: Style, text: string, { color }: PluginPage) =>
  color ? styleText(style, text, { validateStream: false }) : text;
