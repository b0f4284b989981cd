import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { TljhEvent } from "../events.ts";
import { loadPlugins } from "../plugins/index.ts";
import { serverPaths } from "../system/paths.ts";
import { recorded } from "./apply.ts";
import { both, serverContext } from "./context.ts";

vi.mock("../plugins/index.ts", { spy: true });

function context(emit: (event: TljhEvent) => void = () => {}) {
  const paths = serverPaths(mkdtempSync(join(tmpdir(), "tljh-context-")));
  return serverContext({ paths, wanted: recorded(null), dryRun: true, emit });
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

it("reports what Python plugins print", async () => {
  const events: TljhEvent[] = [];
  const { plugins, close } = context((event) => events.push(event));
  await plugins();
  vi.mocked(loadPlugins).mock.lastCall?.[0].onLine?.("hello");
  expect(events).toEqual([{ type: "output", command: "Python plugins", line: "hello" }]);
  await close();
});

it("refuses to go on with a plugin that cannot be loaded, and ends what it started", async () => {
  const close = vi.fn();
  const failures = [{ name: "bad", source: "bad", error: new Error("broken") }];
  vi.mocked(loadPlugins).mockResolvedValueOnce({ manager: {} as never, list: [], failures, close });
  await expect(context().plugins()).rejects.toThrow("broken");
  expect(close).toHaveBeenCalled();
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
