import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderFingerprint } from "./fingerprint.ts";

async function folder(files: Record<string, string>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tljh-fingerprint-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, ".."), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return path;
}

test("folders with the same files have the same fingerprint, wherever they are", async () => {
  const files = { "setup.py": "1", "plugin/hooks.py": "2" };
  expect(await folderFingerprint(await folder(files))).toBe(
    await folderFingerprint(await folder(files)),
  );
});

test("a changed file changes the fingerprint", async () => {
  const one = await folderFingerprint(await folder({ "setup.py": "1" }));
  expect(await folderFingerprint(await folder({ "setup.py": "2" }))).not.toBe(one);
});

test("what tools leave beside the source does not count", async () => {
  const one = await folderFingerprint(await folder({ "setup.py": "1" }));
  const two = await folder({ "setup.py": "1", "build/lib/x.py": "", "__pycache__/x.pyc": "" });
  expect(await folderFingerprint(two)).toBe(one);
});

test("a folder that is not there has none", async () => {
  expect(await folderFingerprint("/does/not/exist")).toBeNull();
});
