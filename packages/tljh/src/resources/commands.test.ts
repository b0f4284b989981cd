import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { isOurLink } from "./commands.ts";

const target = "/opt/tljh/app/bin/tljh-config";
let path = "";

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "tljh-commands-")), "tljh-config");
});

test("a command is ours when it leads to our program", async () => {
  symlinkSync(target, path);
  expect(await isOurLink({ path, target })).toBe(true);
});

test("a command that is not there, or is the original's, is to be made", async () => {
  expect(await isOurLink({ path, target })).toBe(false);
  symlinkSync("/opt/tljh/hub/bin/tljh-config", path);
  expect(await isOurLink({ path, target })).toBe(false);
});

test.each([
  ["file", () => writeFileSync(path, "")],
  ["link", () => symlinkSync("/usr/local/bin/x", path)],
])("somebody else's %s is refused by name", async (_, make) => {
  make();
  await expect(isOurLink({ path, target })).rejects.toMatchObject({
    code: "INSTALL_COMMAND_OCCUPIED",
    message: `${path} exists and is not a link to ${target}`,
  });
});
