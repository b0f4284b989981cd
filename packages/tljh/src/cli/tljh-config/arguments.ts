import type { TljhError } from "../../errors/error.ts";

export interface Options {
  readonly configPath?: string;
  readonly validate: boolean;
  readonly json: boolean;
  readonly effective: boolean;
  readonly help: boolean;
  /** Seconds that `reload` waits. */
  readonly timeout: number;
}

export interface Arguments {
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly options: Options;
}

/** Makes the error of a wrong command line. */
export type Wrong = (what: string) => TljhError;

const flags: Readonly<Record<string, Partial<Options>>> = {
  "--validate": { validate: true },
  "--no-validate": { validate: false },
  "--json": { json: true },
  "--effective": { effective: true },
  "--help": { help: true },
  "-h": { help: true },
};

const valued: Readonly<Record<string, (value: string) => Partial<Options> | undefined>> = {
  "--config-path": (value) => (value === "" ? undefined : { configPath: value }),
  "--timeout": (value) =>
    /^[0-9]+$/.test(value) && Number(value) > 0 ? { timeout: Number(value) } : undefined,
};

const DEFAULTS: Options = {
  validate: true,
  json: false,
  effective: false,
  help: false,
  timeout: 120,
};

/** Options may stand before and after the command; behind `--` everything is an operand. */
export function parseArguments(argv: readonly string[], wrong: Wrong): Arguments {
  let options = DEFAULTS;
  const words: string[] = [];
  const rest = [...argv];
  while (rest.length > 0) {
    const word = rest.shift() ?? "";
    if (word === "--") {
      words.push(...rest.splice(0));
    } else if (isOption(word)) {
      options = { ...options, ...readOption(word, rest, wrong) };
    } else words.push(word);
  }
  const [command, ...operands] = words;
  return { command, operands, options };
}

/** A dash and digits are a value: `set some.key -5`. */
const isOption = (word: string) => /^-./.test(word) && !/^-[0-9.]+$/.test(word);

function readOption(word: string, rest: string[], wrong: Wrong): Partial<Options> {
  const [, name = word, attached] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  const flag = flags[name];
  if (flag && attached === undefined) return flag;
  const take = valued[name];
  if (!take) throw wrong(`unknown option ${name}; a value that begins with a dash goes behind --`);
  const value = attached ?? rest.shift();
  const read = value === undefined ? undefined : take(value);
  if (!read) throw wrong(`${name} needs a ${name === "--timeout" ? "number of seconds" : "path"}`);
  return read;
}
