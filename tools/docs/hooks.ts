import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { docOf } from "./errors/find.ts";

const file = "packages/tljh/src/hooks.ts";

/** docs/hooks.md: the doc comments of the hooks, with how each is declared in both languages. */
export async function hooksPage(root: string): Promise<string> {
  const text = await readFile(join(root, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === "TljhHooks");
  if (!declared) throw new Error(`${file} has no interface TljhHooks`);
  const hooks = declared.members.filter(ts.isPropertySignature);
  const sections = hooks.map((hook) => section(hook, argumentsOf(hook, source)));
  return `${[head(source), ...sections].join("\n\n")}\n`;
}

function head(source: ts.SourceFile): string {
  const [comment] = ts.getLeadingCommentRanges(source.text, 0) ?? [];
  const text = source.text.slice(comment?.pos, comment?.end);
  const lines = text.split("\n").map((line) => line.replace(/^\/\*\*$|^ \*\/$|^ \* ?/, ""));
  return `# Hooks\n\n${lines.join("\n").trim()}\n\n${python}`;
}

const python = `In Python a hook is a function of the same name and with the same arguments, marked with \`hookimpl\` from
\`tljh.hooks\`, in a module that the entry point group \`tljh\` names. [Writing a plugin](plugins.md) shows both from
the first file on.`;

function section(hook: ts.PropertySignature, args: readonly string[]): string {
  const name = hook.name.getText();
  const [text = "", example = ""] = docOf(hook).split(/^(?=```ts$)/m);
  const [about = "", ...facts] = text.split(/^(?=When: |Result: )/m);
  const list = facts.map((fact) =>
    fact
      .trim()
      .replace(/^(\w+): /, "- **$1:** ")
      .replaceAll("\n", "\n  "),
  );
  const given = args.length === 0 ? "none" : args.map((one) => `\`${one}\``).join(", ");
  return [
    `## ${name}`,
    about.trim(),
    [list[0], `- **Arguments:** ${given}`, ...list.slice(1)].join("\n"),
    example,
    `In Python: \`def ${name}(${args.join(", ")}):\``,
  ].join("\n\n");
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
