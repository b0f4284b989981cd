import { parseArgs } from "node:util";

export const PARTS = [
  "environment",
  "config",
  "apply",
  "login",
  "plugins",
  "pluggy",
  "solve",
  "changes",
  "growth",
] as const;
export type Part = (typeof PARTS)[number];

/** The parts whose figures stand together in the README, and are written together. */
export const FIGURES: readonly Part[] = ["environment", "config", "apply", "login", "plugins"];

export interface Options {
  readonly parts: readonly Part[];
  readonly runs: number;
  /** A file for all that was measured. */
  readonly json: string | null;
  /** Put the figures into the README. */
  readonly write: boolean;
  /** How long to wait for a quiet machine, in seconds. */
  readonly wait: number;
}

export const HELP = `What the product costs on this machine, measured in a throw-away Debian server.

Usage: npm run bench -- [options] [part...]

  part            measure this alone; several are allowed: ${PARTS.join(", ")}
  --only PART     the same
  --runs N        how often each is measured; medians are shown (5)
  --wait SECONDS  wait as long as this until the machine is quiet (0)
  --json FILE     write all that was measured to a file
  --write         put the figures into bench/README.md; needs all of
                  ${FIGURES.join(", ")}, or none of them
  --help          this text

  environment  an environment of 193 packages by the engine: empty and full package cache
  config       tljh-config show, tljh-config set
  apply        tljh apply that finds nothing to do
  login        from a login to the first reply of a kernel
  plugins      a hundred plugins with every hook: loaded and called, and the hub's start with them
  pluggy       calls of hooks and registrations, beside Python's pluggy; needs no server
  solve        a solve against a channel of 1,000,000 records, in shards and in one file; needs no server
  changes      one small package added, removed and rolled back, and nothing to do
  growth       time against 10 to 1,000 packages and 1,000 to 100,000 files; needs no server

config, apply, login, plugins and changes need a server with TLJH on it; its installation is timed, once.
`;

/** The parts that need TLJH to be installed on a throw-away server. */
export const PRODUCT_PARTS: readonly Part[] = ["config", "apply", "login", "plugins", "changes"];

/** All that are measured in such a server. */
export const SERVER_PARTS: readonly Part[] = ["environment", ...PRODUCT_PARTS];

/** Nothing when help is asked for. Throws a TypeError that says what is wrong. */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string", multiple: true },
      runs: { type: "string", default: "5" },
      wait: { type: "string", default: "0" },
      json: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const named = [...positionals, ...(values.only ?? [])].map(partNamed);
  const parts = named.length > 0 ? named : PARTS;
  const together = FIGURES.filter((part) => parts.includes(part));
  if (values.write && together.length > 0 && together.length < FIGURES.length) {
    throw new TypeError(`--write needs all of ${FIGURES.join(", ")}, or none of them`);
  }
  const runs = wholeNumber("--runs", values.runs, 1);
  const wait = wholeNumber("--wait", values.wait, 0);
  return { parts, runs, wait, json: values.json ?? null, write: values.write };
}

function partNamed(name: string): Part {
  const part = PARTS.find((one) => one === name);
  if (part !== undefined) return part;
  throw new TypeError(`${name} is no part: the parts are ${PARTS.join(", ")}`);
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`${option} ${text} is no whole number from ${least} on`);
}
