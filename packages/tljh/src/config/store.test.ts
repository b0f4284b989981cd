import { chmod, mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { tryLock } from "../system/lock.ts";
import { addItem, setKey } from "./edit.ts";
import { updateConfig } from "./store.ts";

let file = "";
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), "tljh-store-")), "config", "config.yaml");
});

describe("an update of config.yaml", () => {
  it("makes the file, and its folder, for root alone", async () => {
    const update = await updateConfig(file, (text) => setKey(text, ["a"], 1));
    expect(update).toEqual({ before: "", after: "a: 1\n" });
    expect(await readFile(file, "utf8")).toBe("a: 1\n");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(file, ".."))).mode & 0o777).toBe(0o700);
  });

  it("keeps mode and text of a file when the change fails", async () => {
    await updateConfig(file, () => "a: 1\n");
    await chmod(file, 0o644);
    const failing = updateConfig(file, () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await readFile(file, "utf8")).toBe("a: 1\n");
    await updateConfig(file, () => "a: 2\n");
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  it("does not touch a file that stays as it is", async () => {
    await updateConfig(file, () => "a: 1\n");
    const { ino } = await stat(file);
    await updateConfig(file, (text) => text);
    expect((await stat(file)).ino).toBe(ino);
  });

  it("loses no change of many that are made at once", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `user${i}`);
    await Promise.all(
      names.map((name) => updateConfig(file, (text) => addItem(text, ["users", "admin"], name))),
    );
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    expect(lines.slice(2).sort()).toEqual(names.map((name) => `  - ${name}`).sort());
  });

  it("gives up after a second when another holds the lock, in the original's words", async () => {
    await updateConfig(file, () => "a: 1\n");
    await using _other = await tryLock(`${file}.lock`, 0.1);
    await expect(updateConfig(file, () => "a: 2\n")).rejects.toMatchObject({
      code: "CONFIG_LOCK_HELD",
      message: `Another instance of tljh-config holds the lock ${file}.lock.`,
    });
    expect(await readFile(file, "utf8")).toBe("a: 1\n");
  });

  it("says so when the file cannot be written", async () => {
    await updateConfig(file, () => "a: 1\n");
    await expect(updateConfig(join(file, "inside"), () => "")).rejects.toMatchObject({
      code: "CONFIG_UNWRITABLE",
      message: expect.stringContaining("it is as it was before"),
    });
  });
});
