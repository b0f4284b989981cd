import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatInstallation, mergeInstallation, readInstallation } from "./installation.ts";

const none = { channels: [], plugins: [], userRequirementsTxtUrl: null };
const simple = { spec: "npm:tljh-simple", kind: "npm" as const };
const other = { spec: "tljh-other", kind: "pip" as const };

const scratch = () => mkdtemp(join(tmpdir(), "tljh-installation-"));

test("without flags a fresh server takes its packages from conda-forge", () => {
  expect(mergeInstallation(null, none).channels).toEqual(["conda-forge"]);
});

test("plugins of later runs add up", () => {
  const first = mergeInstallation(null, { ...none, plugins: [simple] });
  expect(mergeInstallation(first, { ...none, plugins: [other, simple] }).plugins).toEqual([
    simple,
    other,
  ]);
});

test("a channel given later takes the place of those before", () => {
  const first = mergeInstallation(null, { ...none, channels: ["https://a.example"] });
  const second = mergeInstallation(first, { ...none, channels: ["https://b.example"] });
  expect(second.channels).toEqual(["https://b.example"]);
});

test("what is disabled stays disabled in later runs", () => {
  const disabled = ["simple"];
  const before = { ...mergeInstallation(null, { ...none, plugins: [simple] }), disabled };
  expect(mergeInstallation(before, { ...none, plugins: [other] }).disabled).toEqual(disabled);
});

test("what is written is read back", async () => {
  const path = join(await scratch(), "installation.json");
  const wanted = mergeInstallation(null, { ...none, plugins: [simple] });
  await writeFile(path, formatInstallation(wanted));
  expect(await readInstallation(path)).toEqual(wanted);
});

test("a server without a record has none", async () => {
  expect(await readInstallation(join(await scratch(), "installation.json"))).toBeNull();
});

const wrong = '{"version": 1, "channels": [], "plugins": [], "disabled": "simple"}';

test.each(["", "{", "[]", '{"version": 2}', '{"version": 1}', wrong])(
  "a record that reads %j is an error that names the file",
  async (text) => {
    const path = join(await scratch(), "installation.json");
    await writeFile(path, text);
    await expect(readInstallation(path)).rejects.toMatchObject({
      code: "INSTALL_RECORD_UNREADABLE",
      message: expect.stringContaining(path),
    });
  },
);
