import ts from "typescript";
import { readSources } from "../sources.ts";
import { type Constants, variants } from "./shown.ts";

/** A message with its code, as it stands in the sources. */
export interface Message {
  readonly code: string;
  readonly kind: "error" | "warning";
  /** The function that makes it, and where. */
  readonly maker: string;
  readonly file: string;
  readonly line: number;
  /** The doc comment of that function. */
  readonly about: string;
  /** What it can say is wrong, and what it can say to do. */
  readonly messages: readonly string[];
  readonly remedies: readonly string[];
}

/** Classes whose first argument is a code. */
const classes = new Set(["TljhError", "CondaError", "PluggyError", "RpcError"]);

/** Files that hand on the codes of messages which stand elsewhere. */
const relays = new Set([
  "packages/tljh/src/errors/config.ts",
  "packages/tljh/src/rpc/error.ts",
  "packages/conda/src/solve/run-worker.ts",
]);

/** Every message of the product's TypeScript, by files and lines. */
export async function findMessages(root: string): Promise<Message[]> {
  const sources = await readSources(root, "packages/*/src/**/*.ts");
  return sources
    .filter(({ file }) => !file.endsWith(".test.ts"))
    .flatMap(({ file, text }) => messagesOf(file, text));
}

/** The messages of one file. A code that is no plain text is a mistake, unless it is only handed on. */
export function messagesOf(file: string, text: string): Message[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const messages: Message[] = [];
  const visit = (node: ts.Node) => {
    const parts = partsOf(node);
    const message = parts && describe(node, parts, source);
    if (message) messages.push(message);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return messages;
}

interface Parts {
  readonly code: ts.Expression | undefined;
  /** The objects that hold message and remedy. */
  readonly texts: readonly ts.ObjectLiteralExpression[];
  readonly kind: Message["kind"];
}

/** What `new TljhError(code, text)`, or an object with such a code, consists of. */
function partsOf(node: ts.Node): Parts | undefined {
  if (ts.isNewExpression(node) && classes.has(node.expression.getText())) {
    const [code, text] = node.arguments ?? [];
    return { code, texts: objectsIn(text), kind: "error" };
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const code = property(node, "code");
  if (!code || !ts.isStringLiteral(code) || !/^[A-Z][A-Z0-9_]+$/.test(code.text)) return undefined;
  const warns = ["type", "severity"].some((name) => {
    const value = property(node, name);
    return value && ts.isStringLiteral(value) && value.text === "warning";
  });
  return { code, texts: [node], kind: warns ? "warning" : "error" };
}

function describe(node: ts.Node, parts: Parts, source: ts.SourceFile): Message | undefined {
  const file = source.fileName;
  const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const [code, ...others] = literalsIn(parts.code);
  if (others.length > 0 || (code === undefined && !relays.has(file)))
    throw new Error(`${file}:${line}: the code of an error must be one plain text`);
  if (code === undefined) return undefined;
  const { maker, about, body } = makerOf(node);
  const constants = new Map([...constantsIn(source), ...constantsIn(body)]);
  const { kind } = parts;
  const messages = textsOf(parts.texts, "message", constants);
  const remedies = textsOf(parts.texts, "remedy", constants);
  return { code, kind, maker, file, line, about, messages, remedies };
}

function textsOf(
  objects: readonly ts.ObjectLiteralExpression[],
  name: string,
  constants: Constants,
): string[] {
  const texts = objects.flatMap((object) => {
    const value = property(object, name);
    return value ? variants(value, constants) : textsOf(spreadIn(object), name, constants);
  });
  return [...new Set(texts)];
}

function literalsIn(node: ts.Expression | undefined): string[] {
  if (node && ts.isStringLiteral(node)) return [node.text];
  return node && ts.isConditionalExpression(node)
    ? [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)]
    : [];
}

function objectsIn(node: ts.Expression | undefined): ts.ObjectLiteralExpression[] {
  if (node && ts.isObjectLiteralExpression(node)) return [node];
  return node && ts.isConditionalExpression(node)
    ? [...objectsIn(node.whenTrue), ...objectsIn(node.whenFalse)]
    : [];
}

/** `{ ...other(…), code }`: what `other` of the same file gives back. */
function spreadIn(object: ts.ObjectLiteralExpression): ts.ObjectLiteralExpression[] {
  return object.properties.filter(ts.isSpreadAssignment).flatMap(({ expression }) => {
    if (!ts.isCallExpression(expression)) return [];
    const name = expression.expression.getText();
    const statements = object.getSourceFile().statements.filter(ts.isFunctionDeclaration);
    const body = statements.find((one) => one.name?.text === name)?.body;
    const given = body?.statements.find(ts.isReturnStatement)?.expression;
    return objectsIn(given);
  });
}

function property(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const one of node.properties) {
    if (ts.isPropertyAssignment(one) && one.name.getText() === name) return one.initializer;
    if (ts.isShorthandPropertyAssignment(one) && one.name.text === name) return one.name;
  }
  return undefined;
}

/** The innermost named function around a node, and what its doc comment says. */
function makerOf(node: ts.Node): { maker: string; about: string; body: ts.Node | undefined } {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name)
      return { maker: at.name.getText(), about: docOf(at), body: at.body };
    const { initializer } = ts.isVariableDeclaration(at) ? at : {};
    if (ts.isVariableDeclaration(at) && initializer && ts.isArrowFunction(initializer))
      return { maker: at.name.getText(), about: docOf(at.parent.parent), body: initializer.body };
  }
  return { maker: "", about: "", body: undefined };
}

/** The text of the doc comment directly above a node. */
export function docOf(node: ts.Node): string {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)?.comment;
  return (ts.getTextOfJSDocComment(comment) ?? "").trim();
}

/** The constants of a file or of a function's body. */
function constantsIn(scope: ts.Node | undefined): readonly (readonly [string, ts.Expression])[] {
  if (!scope || !(ts.isSourceFile(scope) || ts.isBlock(scope))) return [];
  return scope.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .flatMap(({ name, initializer }) =>
      initializer && ts.isIdentifier(name) && !ts.isArrowFunction(initializer)
        ? [[name.text, initializer] as const]
        : [],
    );
}
