import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  stringify,
} from "yaml";
import { keepCredentials, redactText, redactUrl } from "../fetch/credentials.ts";
import type { YamlFile } from "./environment-file.ts";
import { environmentFileInvalid, type FileProblem } from "./messages.ts";

const KEYS = ["name", "channels", "dependencies", "prefix", "variables"];

/** What conda calls its own channels together, which are two. */
const DEFAULTS = ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"];

/** Platforms in `sel(…)`, which micromamba knows, that this engine installs on. */
const OURS = new Set(["linux", "unix"]);

/** An environment.yml, of conda, mamba and micromamba alike. All that is wrong with it is told at once. */
export function parseEnvironmentYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const reading = new Reading((node) => {
    const offset = node?.range?.[0];
    return offset === undefined ? undefined : lines.linePos(offset).line;
  });
  for (const { message, linePos } of [...document.errors, ...document.warnings]) {
    reading.problems.push({ line: linePos?.[0].line, text: message.split("\n")[0] ?? message });
  }
  const read = reading.problems.length === 0 ? reading.root(document.contents) : undefined;
  if (read === undefined || reading.problems.length > 0) {
    throw environmentFileInvalid(file, reading.problems, remedyFor(document.contents));
  }
  return read;
}

/** A file of conda-lock, for all platforms at once, has its own way into one that we read. */
function remedyFor(root: unknown): string | undefined {
  if (!isMap(root) || !root.has("metadata") || !root.has("package")) return undefined;
  return "Make a list for this platform of it: conda-lock render --kind explicit --platform linux-64";
}

class Reading {
  readonly problems: FileProblem[] = [];
  readonly #lineOf: (node: Node | undefined) => number | undefined;

  constructor(lineOf: (node: Node | undefined) => number | undefined) {
    this.#lineOf = lineOf;
  }

  root(root: unknown): YamlFile | undefined {
    if (!isMap(root)) return this.#wrong(root, "it must begin with keys such as dependencies:");
    for (const { key } of root.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (!KEYS.includes(name)) {
        this.#wrong(key, `${JSON.stringify(name)} is none of the keys ${KEYS.join(", ")}`);
      }
    }
    const specs: string[] = [];
    const pip: string[] = [];
    this.#dependencies(root.get("dependencies", true), specs, pip);
    if (!root.has("dependencies")) this.#wrong(root, "it has no dependencies");
    const name = root.get("name", true);
    return {
      kind: "yaml",
      name: isScalar(name) && name.value !== null ? this.#text(name, "name") : undefined,
      channels: this.#texts(root.get("channels", true), "channels").flatMap(channelsOf),
      specs,
      pip,
      variables: this.#variables(root.get("variables", true)),
    };
  }

  #dependencies(list: unknown, specs: string[], pip: string[]): void {
    for (const item of this.#items(list, "dependencies")) {
      if (!isMap(item)) specs.push(...this.#spec(item));
      else
        for (const { key, value } of item.items) {
          const name = isScalar(key) ? String(key.value) : "";
          if (name === "pip") pip.push(...this.#texts(value, "pip"));
          else specs.push(...this.#selected(name, key, value));
        }
    }
  }

  /** `sel(linux): numpy` counts here, `sel(win): numpy` does not. */
  #selected(name: string, key: unknown, value: unknown): readonly string[] {
    const platform = /^sel\((\w+)\)$/.exec(name)?.[1];
    if (platform !== undefined) return OURS.has(platform) ? this.#spec(value) : [];
    this.#wrong(key, `${JSON.stringify(name)} cannot stand among dependencies, only pip can`);
    return [];
  }

  #spec(node: unknown): readonly string[] {
    const spec = this.#text(node, "a dependency");
    if (spec === undefined) return [];
    const [start = ""] = /^\S+(?=::)/.exec(spec) ?? [];
    if (start.includes("://")) keepCredentials(start);
    const clean = redactText(spec);
    if (/^(?:[^\s'"]+::)?[A-Za-z_][\w.-]*(?:$|[\s=<>!~[;@])/.test(clean)) return [clean];
    this.#wrong(
      node,
      `${JSON.stringify(clean)} is no name of a package, with or without a version`,
    );
    return [];
  }

  #variables(node: unknown): Record<string, string> {
    if (node === undefined || (isScalar(node) && node.value === null)) return {};
    if (!isMap(node)) return this.#wrong(node, "variables must be names with values") ?? {};
    const pairs = node.items.flatMap(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : "";
      const text = isScalar(value) ? String(value.value ?? "") : undefined;
      if (/^[A-Za-z_]\w*$/.test(name) && text !== undefined) return [[name, text] as const];
      this.#wrong(key, `${JSON.stringify(name)} cannot be set as a variable`);
      return [];
    });
    return Object.fromEntries(pairs);
  }

  #items(node: unknown, what: string): readonly unknown[] {
    if (node === undefined || (isScalar(node) && node.value === null)) return [];
    if (isSeq(node)) return node.items;
    this.#wrong(node, `${what} must be a list, one item a line behind "- "`);
    return [];
  }

  #texts(node: unknown, what: string): string[] {
    return this.#items(node, what).flatMap((item) => this.#text(item, `an item of ${what}`) ?? []);
  }

  #text(node: unknown, what: string): string | undefined {
    const value = isScalar(node) && node.value !== null ? String(node.value).trim() : "";
    if (value !== "" && !/\p{Cc}/u.test(value)) return value;
    return this.#wrong(node, `${what} must be one line of text`);
  }

  #wrong(node: unknown, text: string): undefined {
    const at = isPair(node) ? node.key : node;
    this.problems.push({ line: this.#lineOf(at as Node | undefined), text });
    return undefined;
  }
}

function channelsOf(channel: string): readonly string[] {
  if (channel === "nodefaults") return [];
  return channel === "defaults" ? DEFAULTS : [channel];
}

/** What `environmentYaml` writes. */
export interface YamlContent {
  readonly name: string;
  readonly channels: readonly string[];
  /** With versions and, for the same builds, builds: `numpy=2.1.0=py313_0`. */
  readonly specs: readonly string[];
  readonly pip: readonly string[];
}

/** An environment.yml as conda writes it. Addresses have no credentials. */
export function environmentYaml({ name, channels, specs, pip }: YamlContent): string {
  return stringify(
    {
      name,
      channels: channels.map(redactUrl),
      dependencies: [...specs.map(redactText), ...(pip.length > 0 ? [{ pip }] : [])],
    },
    { lineWidth: 0 },
  );
}
