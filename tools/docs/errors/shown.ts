import ts from "typescript";

/** Constants by name: those of the file, and those of the function that makes the message. */
export type Constants = ReadonlyMap<string, ts.Expression>;

/**
 * The texts that an expression can be, as a reader sees them: values as `<name>`, a part that is not always
 * there in brackets, alternatives within a text in parentheses.
 */
export function variants(node: ts.Expression, constants: Constants): readonly string[] {
  const all = (nodes: readonly ts.Expression[]) => [
    ...new Set(nodes.flatMap((one) => variants(one, constants))),
  ];
  if (ts.isParenthesizedExpression(node)) return variants(node.expression, constants);
  if (ts.isConditionalExpression(node) && !asksForClass(node.condition))
    return all([node.whenTrue, node.whenFalse]);
  if (isFallback(node)) return all([node.left, node.right]);
  if (ts.isElementAccessExpression(node)) return all(textsOfTable(node, constants));
  if (ts.isTemplateExpression(node)) return templateVariants(node, constants);
  return [shown(node, constants)];
}

/** A template with one part that reads in different ways is as many texts; with more, it is one. */
function templateVariants(node: ts.TemplateExpression, constants: Constants): readonly string[] {
  const parts = node.templateSpans.map(({ expression }) => variants(expression, constants));
  const several = parts.filter((texts) => texts.length > 1 && !texts.includes(""));
  if (several.length !== 1) return [shown(node, constants)];
  const [texts = []] = several;
  return texts.map((text) =>
    template(node, (part) =>
      parts[node.templateSpans.findIndex(({ expression }) => expression === part)] === texts
        ? text
        : shown(part, constants),
    ),
  );
}

/** As `variants`, in one text. */
function shown(node: ts.Expression, constants: Constants): string {
  const show = (inner: ts.Expression) => shown(inner, constants);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return template(node, show);
  if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node)) return show(node.expression);
  if (ts.isConditionalExpression(node)) return conditional(node, show);
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(show).filter(Boolean).join(" ");
  if (ts.isCallExpression(node)) return call(node, constants);
  if (ts.isIdentifier(node)) return named(node.text, constants);
  if (isFallback(node)) return oneOf([show(node.left), show(node.right)]);
  if (ts.isBinaryExpression(node)) return show(node.left) + show(node.right);
  if (ts.isElementAccessExpression(node)) return show(node.expression);
  return placeholder(ts.isPropertyAccessExpression(node) ? node.name.text : "value");
}

const isFallback = (node: ts.Expression): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken].includes(
    node.operatorToken.kind,
  );

const template = (node: ts.TemplateExpression, show: (node: ts.Expression) => string) =>
  node.templateSpans.reduce(
    (text, { expression, literal }) => text + show(expression) + literal.text,
    node.head.text,
  );

function conditional(node: ts.ConditionalExpression, show: (node: ts.Expression) => string) {
  if (!asksForClass(node.condition)) return oneOf([show(node.whenTrue), show(node.whenFalse)]);
  const plain = show(node.whenFalse);
  return plain === "" ? oneOf([show(node.whenTrue), ""]) : plain;
}

/** `cause instanceof Error`: both branches say the same of it. */
const asksForClass = (node: ts.Expression) =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;

function oneOf(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  const present = different.filter((text) => text !== "");
  if (present.length === 0) return "";
  const together = present.join(" | ");
  if (different.length > present.length) return `[${together}]`;
  return present.length > 1 ? `(${together})` : together;
}

/** Functions only put what they are given in form, and so do methods of a list or a text. */
function call({ expression, arguments: args }: ts.CallExpression, constants: Constants): string {
  const [first] = args;
  const method = ts.isPropertyAccessExpression(expression) ? expression : undefined;
  if (method && method.name.text !== "stringify") return shown(method.expression, constants);
  return first ? shown(first, constants) : "";
}

function named(name: string, constants: Constants): string {
  const value = constants.get(name);
  const others = new Map([...constants].filter(([other]) => other !== name));
  return value && isText(value) ? shown(value, others) : placeholder(name);
}

const isText = (node: ts.Expression) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  ts.isConditionalExpression(node) ||
  ts.isArrayLiteralExpression(node) ||
  isFallback(node);

function textsOfTable(node: ts.ElementAccessExpression, constants: Constants): ts.Expression[] {
  const table = ts.isIdentifier(node.expression) && constants.get(node.expression.text);
  if (!table || !ts.isObjectLiteralExpression(table)) return [];
  return table.properties.filter(ts.isPropertyAssignment).map(({ initializer }) => initializer);
}

/** `packageName` reads `<package name>`. */
function placeholder(name: string): string {
  return `<${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()}>`;
}

/** Whether a text says nothing by itself: only values of which the reader knows no more than the name. */
export const isOnlyValues = (text: string) => /^[\s[\]()|]*(<[^>]*>[\s[\]()|]*)*$/.test(text);
