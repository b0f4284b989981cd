import * as z from "zod";
import { infoOf, type KeyInfo } from "./keys.ts";
import { dotted } from "./problem.ts";
import { schema } from "./schema.ts";

/** JSON Schema (draft 7) of config.yaml, for editors. */
export function jsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { $schema, ...withAuthNames(rest) };
}

/** Besides `type`, `auth` holds classes, whose names begin with a capital: the check itself is code. */
function withAuthNames(root: Record<string, unknown>): Record<string, unknown> {
  const properties = root.properties as Record<string, { anyOf?: object[] }>;
  const { auth } = properties;
  const anyOf = auth?.anyOf?.map((one) =>
    "properties" in one ? { ...one, propertyNames: { pattern: "^(type|[^a-z].*)$" } } : one,
  );
  return { ...root, properties: { ...properties, auth: { ...auth, anyOf } } };
}

/** The reference page of config.yaml, in Markdown. */
export function configReference(): string {
  const sections = sectionsBelow([], infoOf(schema)).filter(({ keys }) => keys.length > 0);
  return `${[intro, ...sections.map(sectionText)].join("\n\n")}\n`;
}

const intro = `# Configuration keys

These keys can stand in \`/opt/tljh/config/config.yaml\`. Change them with \`sudo tljh-config set\`, \`unset\`,
\`add-item\` and \`remove-item\`, or with an editor; \`sudo tljh-config reload\` applies them. A key that is
written without a value counts as not written. Top-level keys that are not listed here belong to plugins:
\`sudo tljh plugin show NAME\` tells the settings of one.`;

interface Section {
  readonly path: readonly string[];
  readonly info: KeyInfo;
  readonly keys: readonly (readonly [name: string, info: KeyInfo])[];
}

function sectionsBelow(path: readonly string[], info: KeyInfo | undefined): Section[] {
  if (!info?.shape) return [];
  const children = Object.entries(info.shape).flatMap(([name, child]) => {
    const about = infoOf(child);
    return about ? [[name, about] as const] : [];
  });
  const keys = children.filter(([, child]) => child.kind !== "section");
  const below = children.filter(([, child]) => child.kind === "section");
  return [
    { path, info, keys },
    ...below.flatMap(([name, child]) => sectionsBelow([...path, name], child)),
  ];
}

function sectionText({ path, info, keys }: Section): string {
  const title = path.length === 0 ? "Top level" : `\`${dotted(path)}\``;
  const described = path.length === 0 ? "" : `\n\n${info.description}`;
  return `## ${title}${described}\n\n${keys.map(([name, key]) => keyText([...path, name], key)).join("\n\n")}`;
}

function keyText(path: readonly string[], key: KeyInfo): string {
  const name = dotted(path);
  const lines = [
    `### \`${name}\``,
    key.description,
    `- Value: ${key.expects}`,
    `- Default: ${shown(key.default)}`,
  ];
  const example = exampleOf(name, key);
  if (example) lines.push(`- Example: \`sudo tljh-config ${example}\``);
  return `${lines.slice(0, 2).join("\n\n")}\n\n${lines.slice(2).join("\n")}`;
}

function exampleOf(name: string, { kind, example, each }: KeyInfo): string | undefined {
  if (example === undefined) return undefined;
  if (kind === "texts") return `add-item ${name} ${example}`;
  return each ? `add-item ${name}.<${each.name}> ${example}` : `set ${name} ${example}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return value === ""
    ? "empty"
    : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
