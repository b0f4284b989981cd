import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pluginPathMissing } from "../errors/plugins.ts";
import { sandbox } from "./fixtures.ts";
import {
  mergeReport,
  type ReportedFailure,
  readReport,
  readReports,
  toReport,
  updateReport,
  writeReport,
} from "./reports.ts";

const failure = (plugin: string, hook: string | null, message = "broken"): ReportedFailure => ({
  plugin,
  hook,
  code: "PLUGIN_X",
  message,
  remedy: "Mend it.",
  at: "2026-11-25T12:00:00.000Z",
});

it("tells an explained error with code and remedy, and when it was", () => {
  const at = new Date("2026-11-25T12:00:00Z");
  expect(toReport("a", "tljh_post_install", pluginPathMissing("x", "/x"), at)).toEqual({
    plugin: "a",
    hook: "tljh_post_install",
    code: "PLUGIN_PATH_MISSING",
    message: "The plugin x does not exist: there is nothing at /x",
    remedy: expect.stringContaining("Check the path"),
    at: "2026-11-25T12:00:00.000Z",
  });
});

it("tells whatever else was thrown, in at most 4,000 characters", () => {
  const told = toReport("a", null, new Error("x".repeat(10_000)));
  expect(told).toMatchObject({ code: "PLUGIN_FAILED", hook: null });
  expect(told.message).toHaveLength(4_001);
});

it("keeps of one plugin and hook the last failure", () => {
  const before = [failure("a", "h", "old"), failure("b", "h"), failure("a", null)];
  expect(mergeReport(before, { failures: [failure("a", "h", "new")] })).toEqual([
    failure("b", "h"),
    failure("a", null),
    failure("a", "h", "new"),
  ]);
});

it("forgets what works again", () => {
  const before = [failure("a", "h"), failure("a", null)];
  const worked = [{ plugin: "a", hook: "h" }];
  expect(mergeReport(before, { failures: [], worked })).toEqual([failure("a", null)]);
});

it("keeps the last 200 failures", () => {
  const many = Array.from({ length: 300 }, (_, at) => failure(`p${at}`, "h"));
  const kept = mergeReport([], { failures: many });
  expect([kept.length, kept[0]?.plugin]).toEqual([200, "p100"]);
});

it("is written for root alone and read back, with the name of who reported it", async () => {
  await using box = await sandbox();
  const { pluginReports: folder } = box.paths;
  await writeReport(folder, "daemon", [failure("a", "h")]);
  await writeReport(folder, "hub-config", [failure("b", null)]);
  expect((await stat(join(folder, "daemon.json"))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readReports(folder)).toEqual([
    { ...failure("b", null), who: "hub-config" },
    { ...failure("a", "h"), who: "daemon" },
  ]);
});

it("is empty where there is none, or where it makes no sense", async () => {
  await using box = await sandbox();
  const { pluginReports: folder } = box.paths;
  expect(await readReports(folder)).toEqual([]);
  await writeReport(folder, "hub", []);
  await writeFile(join(folder, "hub.json"), `{"version": 1, "failures": [{"plugin": 3}]}`);
  expect(await readReport(folder, "hub")).toEqual([]);
  await writeFile(join(folder, "hub.json"), "{");
  expect(await readReport(folder, "hub")).toEqual([]);
});

it("loses nothing when updated several times at once", async () => {
  await using box = await sandbox();
  const { pluginReports: folder } = box.paths;
  const plugins = ["a", "b", "c", "d"];
  await Promise.all(
    plugins.map((name) => updateReport(folder, "daemon", { failures: [failure(name, "h")] })),
  );
  await updateReport(folder, "daemon", { failures: [], worked: [{ plugin: "b", hook: "h" }] });
  const kept = await readReport(folder, "daemon");
  expect(kept.map(({ plugin }) => plugin)).toEqual(["a", "c", "d"]);
});
