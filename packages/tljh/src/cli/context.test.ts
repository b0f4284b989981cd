import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { TljhEvent } from "../events.ts";
import { loadPlugins } from "../plugins/index.ts";
import { createHookManager } from "../plugins/manager.ts";
import { serverPaths } from "../system/paths.ts";
import { recorded } from "./apply.ts";
import { both, serverContext } from "./context.ts";

vi.mock("../plugins/index.ts", { spy: true });

function context(emit: (event: TljhEvent) => void = () => {}, disabled: readonly string[] = []) {
  const paths = serverPaths(mkdtempSync(join(tmpdir(), "tljh-context-")));
  return serverContext({ paths, wanted: { ...recorded(null), disabled }, dryRun: true, emit });
}

it("loads plugins once, and again when they may have changed", async () => {
  const { plugins, forgetPlugins, close } = context();
  expect(await plugins()).toBe(await plugins());
  expect(vi.mocked(loadPlugins)).toHaveBeenCalledTimes(1);
  await forgetPlugins();
  await plugins();
  expect(vi.mocked(loadPlugins)).toHaveBeenCalledTimes(2);
  await close();
});

it("loads the plugins that are wanted, whatever the record says of them still", async () => {
  const { plugins, close } = context(() => {}, ["stars"]);
  await plugins();
  expect(vi.mocked(loadPlugins)).toHaveBeenLastCalledWith(
    expect.objectContaining({ disabled: ["stars"] }),
  );
  await close();
});

it("reports what plugins print", async () => {
  const events: TljhEvent[] = [];
  const { plugins, close } = context((event) => events.push(event));
  await plugins();
  vi.mocked(loadPlugins).mock.lastCall?.[0].onLine?.("hello");
  expect(events).toEqual([{ type: "output", command: "plugins", line: "hello" }]);
  await close();
});

it("asks plugins once, and refuses to go on where they cannot be loaded", async () => {
  const failures = [{ name: null, source: "python", error: new Error("broken") }];
  const nothing = { list: [], disabled: [], declarations: new Map(), close: async () => {} };
  const loaded = { ...nothing, manager: createHookManager(), failures };
  vi.mocked(loadPlugins).mockResolvedValueOnce(loaded);
  const { contributions, close } = context();
  await expect(contributions()).rejects.toThrow("broken");
  expect(contributions()).toBe(contributions());
  await close();
});

it("gives an event to each of two sinks", () => {
  const seen: string[] = [];
  const sink = both(
    ({ type }) => seen.push(`one ${type}`),
    ({ type }) => seen.push(`other ${type}`),
  );
  sink({ type: "warning", code: "X", message: "" });
  expect(seen).toEqual(["one warning", "other warning"]);
});
