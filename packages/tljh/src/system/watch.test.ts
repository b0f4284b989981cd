import { mkdtemp, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchFile } from "./watch.ts";

test("a file that is replaced several times is told once, and other files never", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tljh-watch-"));
  const file = join(folder, "config.yaml");
  let calls = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const watcher = watchFile(file, () => {
    calls += 1;
    resolve();
  });
  await writeFile(join(folder, "other"), "");
  for (const text of ["a", "b", "c"]) {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }
  await promise;
  watcher.close();
  expect(calls).toBe(1);
});

test("a folder that is not there is no error", () => {
  watchFile("/none/at/all", () => {}).close();
});
