import fs from "node:fs";
import promises from "node:fs/promises";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/**
 * `kill`: the process ends by SIGKILL in place of its `at`-th step, or in the middle of it where that
 * is a write. `full`: from that step on the disk is full. `watch`: nothing happens, but somebody looks.
 */
export type Fault =
  | { readonly how: "kill" | "full"; readonly at: number }
  | {
      readonly how: "watch";
      /** Called before each step, or in the middle of it where that is a write. */
      look(step: number): void;
    };

type AnyFunction = (...given: never[]) => unknown;

let steps = 0;
let fault: Fault | undefined;

/** Whole files that are written in one call. */
const WRITES = ["writeFileSync", "appendFileSync"];
/** What needs room on the disk, and what does not. */
const GROWS = ["mkdirSync", "linkSync", "symlinkSync", "copyFileSync", "renameSync", "writeSync"];
const SHRINKS = ["unlinkSync", "rmdirSync", "chmodSync", "chownSync", "lutimesSync", "utimesSync"];
const PROMISED = ["rename", "unlink", "mkdir"];

/** From now on the next fault happens; the steps before are forgotten. */
export function expectFault(next: Fault): void {
  steps = 0;
  fault = next;
}

export const stepsTaken = (): number => steps;

/** Counts every change of the disk that this process makes, from now on. To be called once. */
export function arm(): void {
  const removeTree = fs.rmSync;
  for (const name of WRITES) replace(fs, name, (original) => torn(original));
  for (const name of GROWS) replace(fs, name, (original) => counted(original, true));
  for (const name of SHRINKS) replace(fs, name, (original) => counted(original, false));
  for (const name of PROMISED) replace(promises, name, (original) => counted(original, false));
  replace(fs, "openSync", (original) => counted(original, true, isForWriting));
  replace(fs, "rmSync", () => (path: string) => remove(path, removeTree));
  replace(promises, "rm", () => async (path: string) => remove(path, removeTree));
  syncBuiltinESMExports();
  armNative();
}

function replace(module: object, name: string, make: (original: AnyFunction) => unknown): void {
  const original: unknown = Reflect.get(module, name);
  if (typeof original !== "function") throw new Error(`there is no ${name}`);
  Reflect.set(module, name, make(original.bind(module)));
}

function counted(
  original: AnyFunction,
  grows: boolean,
  isStep: (...given: unknown[]) => boolean = () => true,
) {
  return (...given: never[]): unknown => {
    if (isStep(...given)) step(grows);
    return original(...given);
  };
}

/** Half of a file is there when the process is killed while it writes it, or when the disk is full. */
function torn(original: AnyFunction) {
  return (file: string, content: string | Buffer, options: unknown): unknown => {
    const write = original as (file: string, content: unknown, options: unknown) => unknown;
    const half = (): Undo => {
      const before = fs.lstatSync(file, { throwIfNoEntry: false })?.size;
      write(file, content.slice(0, content.length >> 1), options);
      return () => (before === undefined ? fs.unlinkSync(file) : fs.truncateSync(file, before));
    };
    step(true, half);
    return write(file, content, options);
  };
}

type Undo = () => void;

function step(grows: boolean, half: () => Undo = () => () => {}): void {
  steps += 1;
  if (fault?.how === "watch") watch(fault, half);
  else if (fault?.how === "kill" && steps === fault.at) {
    half();
    process.kill(process.pid, "SIGKILL");
  } else if (fault?.how === "full" && steps >= fault.at && grows) {
    half();
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  }
}

/** Who looks may write too, and that is no step. */
function watch({ look }: Fault & { readonly how: "watch" }, half: () => Undo): void {
  const taken = steps;
  fault = undefined;
  const undo = half();
  look(taken);
  undo();
  fault = { how: "watch", look };
  steps = taken;
}

function isForWriting(_path: unknown, flags: unknown): boolean {
  return typeof flags === "number" ? (flags & fs.constants.O_CREAT) !== 0 : flags !== "r";
}

/** Entry by entry, as the kernel sees it; and in the middle of it the process may end. */
function remove(path: string, removeTree: typeof fs.rmSync): void {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (status.isDirectory()) {
    for (const name of fs.readdirSync(path)) remove(join(path, name), removeTree);
  }
  step(false);
  removeTree(path, { recursive: true, force: true });
}

interface Library {
  func(prototype: string): AnyFunction;
}

/** The exchange itself is a step too. */
function armNative(): void {
  const koffi = createRequire(import.meta.url)("koffi") as { load(name: string): Library };
  const load = koffi.load.bind(koffi);
  koffi.load = (name) => {
    const library = load(name);
    const func = (prototype: string): AnyFunction => {
      const made = library.func(prototype);
      return prototype.includes("renameat2") ? counted(made, false) : made;
    };
    return { func };
  };
}
