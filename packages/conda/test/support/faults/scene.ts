import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { listGenerations } from "../../../src/generations/list.ts";
import { readMarker } from "../../../src/generations/marker.ts";
import { isNothing } from "../../../src/stage/exchange.ts";
import { treeDigest } from "../tree.ts";
import type { Outcome } from "./child.ts";
import { copyTree } from "./copy-tree.ts";
import { FaultProcess } from "./fault-process.ts";
import { type OperationName, sceneOptions } from "./operations.ts";
import { bundledProgram } from "./program.ts";

/** Dates and numbers of their own, or what a killed run was writing: no part of an environment. */
const NOT_COMPARED = new Set(
  ["history", "generation", "generation.new"].map((name) => `conda-meta/${name}`),
);

export interface Scene {
  readonly root: string;
  /** The live environment before and after the operation. */
  readonly before: string;
  readonly after: string;
  /** How many steps it takes, undisturbed. */
  readonly steps: number;
  /** Brings everything back to before. */
  reset(): void;
  live(): string;
  /** All that there is, by names without what is random in them. */
  files(): readonly string[];
  run(): Promise<unknown>;
  /** Runs it in a process of its own, on a disk that is full from this step on. */
  onFullDisk(at: number): Promise<Outcome>;
  /** Runs it in a process that is killed at this step. */
  killedAt(at: number): Promise<void>;
  /** Runs it once, and keeps what a process leaves that is killed at any of these steps. */
  watch(at: readonly number[]): Promise<void>;
  /** Brings everything to what was kept of a step. */
  resetTo(step: number): void;
}

/** An operation that can be tried again and again from the same beginning. */
export async function makeScene(name: OperationName, within = inMemory()): Promise<Scene> {
  const program = await bundledProgram();
  onTestFinished(() => program[Symbol.dispose]());
  const operation = program.operations[name];
  const folder = mkdtempSync(join(within, "conda-faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = (part: string) => join(folder, part);
  const [root, template, copies] = [place("root"), place("template"), place("copies")];
  await operation.prepare(root);
  renameSync(root, template);
  const restore = (from: string): void => {
    rmSync(root, { recursive: true, force: true });
    copyTree(from, root);
  };
  const reset = () => restore(template);
  const { prefix } = sceneOptions(root);
  // An empty folder is where a copy was shown to programs at its final path.
  const live = (): string => (isNothing(prefix) ? "nothing" : treeDigest(prefix, NOT_COMPARED));
  const process = new FaultProcess(program.child, { root, operation: name });
  onTestFinished(() => process.end());
  const watch = async (at: readonly number[]): Promise<Outcome> => {
    rmSync(copies, { recursive: true, force: true });
    mkdirSync(copies);
    reset();
    const outcome = answered(await process.run({ how: "watch", at, copies }));
    expect(outcome).not.toHaveProperty("error");
    return outcome;
  };
  reset();
  const before = live();
  const { steps } = await watch([]);
  return {
    ...{ root, before, after: live(), steps, reset, live },
    files: () => readdirSync(root, { recursive: true, encoding: "utf8" }).map(withoutChance).sort(),
    run: () => operation.run(root),
    onFullDisk: async (at) => answered(await process.run({ how: "full", at })),
    killedAt: async (at) => expect(await process.run({ how: "kill", at })).toBe("SIGKILL"),
    watch: async (at) => void (await watch(at)),
    resetTo: (step) => restore(join(copies, String(step))),
  };
}

const withoutChance = (path: string) =>
  path.replaceAll(/\d{8}T\d+Z/g, "TIME").replaceAll(/-[0-9a-f]{8,}/g, "-CHANCE");

function answered(outcome: Outcome | NodeJS.Signals): Outcome {
  if (typeof outcome === "string") throw new Error(`it ended by ${outcome}`);
  return outcome;
}

/** What is on no disk need not be waited for. */
function inMemory(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** Nothing lies about, and every generation is what it says. */
export function expectTidy({ root, before }: Scene): void {
  const { prefix, snapshotsDir } = sceneOptions(root);
  const names = readdirSync(root).filter((name) => name.includes("env"));
  expect(names.sort()).toEqual([".env.lock", "env"]);
  const generations = listGenerations({ prefix, snapshotsDir });
  const kept = generations.filter(({ state }) => state !== "gone");
  for (const { directory = "", id } of kept) expect(readMarker(directory)?.generation.id).toBe(id);
  const snapshots = kept.flatMap(({ directory }) => (directory === prefix ? [] : [directory]));
  const found = readdirSync(snapshotsDir).map((name) => join(snapshotsDir, name));
  expect(found.sort()).toEqual([...snapshots, join(snapshotsDir, "env.generations.json")].sort());
  const digests = kept.map(({ directory = "" }) => treeDigest(directory, NOT_COMPARED));
  if (before !== "nothing") expect(digests).toContain(before);
}

/** Numbers from 1 to `most`, the same for a seed, each at most once. */
export function chosen(seed: number, most: number, count: number): number[] {
  const all = Array.from({ length: most }, (_, place) => place + 1);
  let state = seed;
  const next = (): number => {
    // Numerical Recipes' generator: enough to choose by.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const picked: number[] = [];
  while (picked.length < count && all.length > 0) {
    picked.push(...all.splice(Math.floor(next() * all.length), 1));
  }
  return picked.sort((a, b) => a - b);
}
