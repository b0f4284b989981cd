import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EnvironmentFiles } from "./environment.ts";

let folder: string;
let files: EnvironmentFiles;
const mode = (path: string) => statSync(path).mode & 0o777;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "environment-")), "environment");
  files = new EnvironmentFiles(folder);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

test("the file is its owner's alone, in a folder of its owner's alone", async () => {
  const path = await files.write("a.service", { TOKEN: "secret" });
  expect([mode(folder), mode(path)]).toEqual([0o700, 0o600]);
  expect(readFileSync(path, "utf8")).toBe('TOKEN="secret"\n');
});

test("a link put in the file's place is replaced, not followed", async () => {
  await files.write("a.service", {});
  const victim = join(folder, "..", "victim");
  writeFileSync(victim, "untouched");
  rmSync(files.path("a.service"));
  symlinkSync(victim, files.path("a.service"));
  await files.write("a.service", { A: "1" });
  expect(readFileSync(victim, "utf8")).toBe("untouched");
});

test("removing leaves nothing, and may be done twice", async () => {
  await files.write("a.service", { A: "1" });
  await files.remove("a.service");
  await files.remove("a.service");
  expect(readdirSync(folder)).toEqual([]);
});
