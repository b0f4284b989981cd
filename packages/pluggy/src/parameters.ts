/** What a function's source says about its parameters. */
export type Parameters =
  | { readonly kind: "none" }
  /** `(args) => …`: what it takes from `args` shows only when it is called. */
  | { readonly kind: "whole"; readonly name: string }
  | {
      readonly kind: "named";
      /** Asked for without a default. */
      readonly required: readonly string[];
      /** Asked for with a default. */
      readonly optional: readonly string[];
      /** True if more may be asked for than stands here: `...rest`, or a computed name. */
      readonly open: boolean;
    }
  /** Source that is not JavaScript (a bound or native function). */
  | { readonly kind: "unknown" };

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const BLANK = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/y;
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
const REGULAR_EXPRESSION = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Reads the source from left to right. It knows strings, templates, comments and brackets, no grammar. */
class Scanner {
  readonly source: string;
  position = 0;

  constructor(source: string) {
    this.source = source;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  blank(): void {
    this.take(BLANK);
  }

  peek(): string {
    return this.source[this.position] ?? "";
  }

  /** Steps over `text` and the blanks behind it, if it comes next. */
  skip(text: string): boolean {
    if (!this.source.startsWith(text, this.position)) return false;
    this.position += text.length;
    this.blank();
    return true;
  }

  /** Steps over one token, or a whole bracket, string or template. `before` is the last token but blanks. */
  token(before: string): string {
    const start = this.position;
    const next = this.peek();
    if (this.take(QUOTED) !== undefined) return next;
    if (next === "`") this.template();
    else if (next in CLOSING) this.bracket();
    else if (next === "/" && /^[=(,[{:?!&|;]?$/.test(before) && this.take(REGULAR_EXPRESSION))
      return "/";
    else if (this.take(IDENTIFIER) === undefined && !this.skipArrow()) this.position += 1;
    return this.source.slice(start, start + 1) === "="
      ? this.source.slice(start, this.position)
      : next;
  }

  private skipArrow(): boolean {
    const operator = this.take(/=>|===?|!==?|[<>]=/y);
    return operator !== undefined;
  }

  private bracket(): void {
    const close = CLOSING[this.peek()];
    this.position += 1;
    let before = "";
    while (this.position < this.source.length) {
      this.blank();
      if (this.peek() === close) break;
      before = this.token(before);
    }
    this.position += 1;
  }

  private template(): void {
    this.position += 1;
    while (this.position < this.source.length && this.peek() !== "`") {
      if (this.source.startsWith("${", this.position)) {
        this.position += 1;
        this.bracket();
      } else this.position += this.peek() === "\\" ? 2 : 1;
    }
    this.position += 1;
  }
}

/** Steps to the first parameter. False if the source is not a function with a list of parameters. */
function enterParameters(scanner: Scanner): boolean {
  scanner.blank();
  for (let steps = 0; steps < 6; steps += 1) {
    if (scanner.skip("(")) return true;
    if (scanner.skip("*")) continue;
    if (scanner.peek() === "[" || scanner.peek() === '"' || scanner.peek() === "'") {
      scanner.token("");
    } else if (scanner.take(IDENTIFIER) === undefined && !scanner.skip("#")) return false;
    scanner.blank();
    if (scanner.source.startsWith("=>", scanner.position)) return false;
  }
  return false;
}

/** Steps to the `,` or `}` that ends a property; true if it has a default. */
function skipProperty(scanner: Scanner): boolean {
  let defaulted = false;
  let before = "";
  while (scanner.position < scanner.source.length && !/[,}]/.test(scanner.peek())) {
    before = scanner.token(before);
    defaulted ||= before === "=";
    scanner.blank();
  }
  return defaulted;
}

function readPattern(scanner: Scanner): Parameters {
  const required: string[] = [];
  const optional: string[] = [];
  let open = false;
  scanner.blank();
  while (scanner.position < scanner.source.length && !scanner.skip("}")) {
    const name = scanner.take(IDENTIFIER) ?? scanner.take(QUOTED)?.slice(1, -1);
    scanner.blank();
    const defaulted = skipProperty(scanner);
    if (name === undefined) open = true;
    else (defaulted ? optional : required).push(name);
    scanner.skip(",");
  }
  return { kind: "named", required, optional, open };
}

/** A function as it was written. */
export function sourceOf(implementation: (args: never) => unknown): string {
  return Function.prototype.toString.call(implementation);
}

/** What nearly all are written like: `({ a, b }) =>`, or the same as `function` or method. Only for speed. */
const SIMPLE =
  /^(?:async\s+)?(?:function\s*)?\*?\s*[\w$]*\s*\(\s*\{\s*([\w$]+(?:\s*,\s*[\w$]+)*)\s*,?\s*\}\s*\)/;

/** The arguments a hook implementation asks for, read from its source. */
export function readParameters(source: string): Parameters {
  const names = SIMPLE.exec(source)?.[1];
  if (names === undefined) return scanParameters(source);
  return { kind: "named", required: names.split(/\s*,\s*/), optional: [], open: false };
}

function scanParameters(source: string): Parameters {
  if (/\{\s*\[native code\]\s*\}$/.test(source)) return { kind: "unknown" };
  const single = /^\s*(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source)?.[1];
  if (single !== undefined) return { kind: "whole", name: single };
  const scanner = new Scanner(source);
  if (!enterParameters(scanner)) return { kind: "unknown" };
  if (scanner.skip(")")) return { kind: "none" };
  if (scanner.peek() === "{") {
    scanner.position += 1;
    return readPattern(scanner);
  }
  return { kind: "whole", name: scanner.take(IDENTIFIER) ?? "…" };
}
