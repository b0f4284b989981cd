import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { listGenerations } from "../../../src/generations/list.ts";
import { readMarker } from "../../../src/generations/marker.ts";
import { isNothing } from "../../../src/stage/exchange.ts";
import { treeDigest } from "../tree.ts";
import type { ChildRequest, Outcome } from "./child.ts";
import { type Operation, type OperationName, operations, sceneOptions } from "./operations.ts";

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
  run(): Promise<unknown>;
  /** Runs it in a process of its own, with a fault. */
  disturbed(fault: Pick<ChildRequest, "how" | "at">): {
    readonly signal: NodeJS.Signals | null;
    readonly outcome: Outcome | undefined;
  };
}

/** An operation that can be tried again and again from the same beginning. */
export async function makeScene(name: OperationName, within = inMemory()): Promise<Scene> {
  const operation: Operation = operations[name];
  const folder = mkdtempSync(join(within, "conda-faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [root, template] = [join(folder, "root"), join(folder, "template")];
  await operation.prepare(root);
  renameSync(root, template);
  const reset = (): void => {
    rmSync(root, { recursive: true, force: true });
    // Hard links must stay such, as between environment and package cache.
    spawnSync("cp", ["-a", template, root]);
  };
  const { prefix } = sceneOptions(root);
  // An empty folder is where a copy was shown to programs at its final path.
  const live = (): string => (isNothing(prefix) ? "nothing" : treeDigest(prefix, NOT_COMPARED));
  const run = () => operation.run(root);
  const disturbed: Scene["disturbed"] = (fault) => {
    const request: ChildRequest = { root, operation: name, ...fault };
    const { signal, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "child.ts"), JSON.stringify(request)],
      { encoding: "utf8", env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") } },
    );
    if (signal === null && stdout === "") throw new Error(stderr);
    return { signal, outcome: signal === null ? JSON.parse(stdout) : undefined };
  };
  reset();
  const before = live();
  const { outcome } = disturbed({ how: "count", at: 0 });
  expect(outcome).not.toHaveProperty("error");
  return { root, before, after: live(), steps: outcome?.steps ?? 0, reset, live, run, disturbed };
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
