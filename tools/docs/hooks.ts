import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { docOf } from "./errors/find.ts";

const file = "packages/tljh/src/hooks.ts";
const pythonFile = "python/tljh/src/tljh/hooks.py";

/** One hook, with a whole plugin in each language as example of it. */
export interface HookEntry {
  readonly name: string;
  /** The names of its arguments. */
  readonly arguments: readonly string[];
  readonly about: string;
  /** What is told of it, by label. */
  readonly facts: ReadonlyMap<string, string>;
  readonly typescript: string;
  readonly python: string;
}

/** docs/hooks.md: what the specifications of both languages say of the hooks. */
export async function hooksPage(root: string): Promise<string> {
  const source = await readSpecifications(root);
  const sections = (await readHooks(root)).map(section);
  return `${[head(source), ...sections].join("\n\n")}\n`;
}

async function readSpecifications(root: string): Promise<ts.SourceFile> {
  const text = await readFile(join(root, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The hooks as `src/hooks.ts` has them, in its order. */
export async function readHooks(root: string): Promise<HookEntry[]> {
  const source = await readSpecifications(root);
  const python = pythonExamples(await readFile(join(root, pythonFile), "utf8"));
  const declared = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === "TljhHooks");
  if (!declared) throw new Error(`${file} has no interface TljhHooks`);
  const hooks = declared.members.filter(ts.isPropertySignature);
  return hooks.map((hook) => {
    const name = hook.name.getText();
    const parts = partsOf(docOf(hook));
    return { name, arguments: argumentsOf(hook, source), ...parts, python: python.get(name) ?? "" };
  });
}

function head(source: ts.SourceFile): string {
  const [comment] = ts.getLeadingCommentRanges(source.text, 0) ?? [];
  const text = source.text.slice(comment?.pos, comment?.end);
  const lines = text.split("\n").map((line) => line.replace(/^\/\*\*$|^ \*\/$|^ \* ?/, ""));
  return `# Hooks\n\n${lines.join("\n").trim()}\n\n${inPython}`;
}

const inPython = `In Python a hook is a function of the same name and with the same arguments, of which it takes those it
needs, marked with \`hookimpl\` from \`tljh.hooks\`, in a module that the entry point group \`tljh\` names.
[Writing a plugin](plugins.md) shows both from the first file on.`;

/** What is told of each hook, in this order; the arguments follow the directory. */
export const labels = ["When", "As", "Directory", "Result", "Failure", "Since"] as const;

function section({ name, about, facts, typescript, python, ...hook }: HookEntry): string {
  const given = hook.arguments.map((one) => `\`${one}\``).join(", ") || "none";
  const items = labels.flatMap((label) => {
    const item = `- **${label}:** ${facts.get(label)?.replaceAll("\n", "\n  ")}`;
    return label === "Directory" ? [item, `- **Arguments:** ${given}`] : [item];
  });
  const shown = [`\`\`\`ts\n${typescript}\`\`\``, `\`\`\`python\n${python}\`\`\``];
  return [`## ${name}`, about, items.join("\n"), ...shown].join("\n\n");
}

/** The parts of a hook's doc comment. */
function partsOf(doc: string): Pick<HookEntry, "about" | "facts" | "typescript"> {
  const [text = "", example = ""] = doc.split(/^```(?:ts)?\n?/m);
  const [about = "", ...facts] = text.split(new RegExp(`^(?=(?:${labels.join("|")}): )`, "m"));
  const byLabel = facts.map((fact): [label: string, text: string] => {
    const colon = fact.indexOf(":");
    return [fact.slice(0, colon), fact.slice(colon + 1).trim()];
  });
  return { about: about.trim(), facts: new Map(byLabel), typescript: example };
}

/** What is indented at the end of each specification's docstring, by hook. */
function pythonExamples(text: string): Map<string, string> {
  const specifications = text.matchAll(/^@hookspec\ndef (\w+)\(.*?"""(.*?)"""/gms);
  return new Map(
    [...specifications].map(([, name = "", doc = ""]) => {
      const [, ...parts] = doc.split(/\n\n(?= {8}from | {8}import )/);
      const code = parts.join("\n\n").trimEnd().replaceAll(/^ {8}/gm, "");
      // Within a docstring one empty line is enough.
      return [name, `${code.replaceAll("\n\n@", "\n\n\n@")}\n`];
    }),
  );
}

/** The names of `arguments: { readonly username: string }`, also where the hook's type is only named. */
function argumentsOf(hook: ts.PropertySignature, source: ts.SourceFile): string[] {
  const args = membersOf(hook.type, source)
    .filter(ts.isPropertySignature)
    .find(({ name }) => name.getText() === "arguments");
  return membersOf(args?.type, source).map((member) => member.name?.getText() ?? "");
}

function membersOf(
  type: ts.TypeNode | undefined,
  source: ts.SourceFile,
): readonly ts.TypeElement[] {
  if (type === undefined || ts.isTypeLiteralNode(type)) return type?.members ?? [];
  const named = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === type.getText());
  return named?.members ?? [];
}
