import { mkdtempSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatInstallation, type Installation } from "../install/installation.ts";
import { serverPaths } from "../system/paths.ts";
import { installationRecord } from "./installation-record.ts";
import type { ServerContext } from "./resource.ts";

const paths = serverPaths(mkdtempSync(join(tmpdir(), "tljh-record-")));
const on = (...plugins: string[]): Installation => ({
  version: 1,
  channels: [],
  plugins: plugins.map((spec) => ({ spec, kind: "pip" })),
  userRequirementsTxtUrl: null,
});

/** Records that this is wanted; gives back how that is undone. */
async function record(wanted: Installation) {
  await mkdir(paths.state, { recursive: true });
  const { differences, change } = await installationRecord.inspect({
    paths,
    wanted,
  } as ServerContext);
  return { differences, undo: await change() };
}

test("what was asked for before comes back when a later step fails", async () => {
  expect((await record(on("a"))).undo).toBeUndefined();
  const { differences, undo } = await record(on("b"));
  expect(differences).toEqual([{ action: "change", what: paths.installation }]);
  expect(await readFile(paths.installation, "utf8")).toBe(formatInstallation(on("b")));
  await undo?.(() => {});
  expect(await readFile(paths.installation, "utf8")).toBe(formatInstallation(on("a")));
});
