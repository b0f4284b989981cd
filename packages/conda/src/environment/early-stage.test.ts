import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type TestEnvironment, testEnvironment } from "../../test/support/environment.ts";
import { fixtureSource } from "../../test/support/source.ts";
import { changeEnvironment } from "./change.ts";
import type { PackageSource } from "./options.ts";

const TOOL = { name: "tool", files: { "share/tool.txt": "one" } };
const MORE = { name: "more", files: { "share/more.txt": "more" } };

const besideOf = ({ root }: TestEnvironment) =>
  readdirSync(root).filter((name) => name.startsWith("env"));

/** An environment with a tool, to be changed by a solver that tells when it has begun to read. */
async function installed(solve?: PackageSource["solve"]) {
  const env = testEnvironment();
  await env.change([TOOL], ["tool"]);
  env.events.length = 0;
  const source = fixtureSource(join(env.root, "cache-more"), [TOOL, MORE]);
  const seen: string[][] = [];
  const telling: PackageSource = {
    ...source,
    solve(request, options) {
      options.onEvent?.({ type: "phase.start", phase: "repodata" });
      seen.push(besideOf(env));
      return (solve ?? source.solve)(request, options);
    },
  };
  const change = (specs: readonly string[], prune = false) =>
    changeEnvironment({ ...env.options, specs, prune }, telling);
  return { env, seen, change };
}

test("an environment is copied while the solver is at work", async () => {
  const { env, seen, change } = await installed();
  const { changed } = await change(["more"]);
  expect(changed).toBe(true);
  expect(seen).toEqual([["env", expect.stringMatching(/^env\.staged-/)]]);
  expect([env.read("share/tool.txt"), env.read("share/more.txt")]).toEqual(["one", "more"]);
  const stages = env.events.filter((event) => "phase" in event && event.phase === "stage");
  expect(stages.map(({ type }) => type)).toEqual(["phase.start", "phase.done"]);
});

test("the copy is removed where the solver finds no solution", async () => {
  const { env, change } = await installed(() => Promise.reject(new Error("no solution")));
  await expect(change(["more"])).rejects.toThrow("no solution");
  expect(besideOf(env)).toEqual(["env"]);
});

test("the copy is removed where the solver finds nothing to change", async () => {
  const { env, seen, change } = await installed();
  expect((await change(["tool"], true)).changed).toBe(false);
  expect(seen[0]).toHaveLength(2);
  expect(besideOf(env)).toEqual(["env"]);
});
