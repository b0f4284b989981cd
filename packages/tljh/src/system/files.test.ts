import {
  chmod,
  chown,
  mkdtemp,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readTextOrNull, writeFileAtomic } from "./files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tljh-files-"));
});
const at = (name: string) => join(folder, name);
const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

describe("an atomic write", () => {
  it("makes a new file that its owner alone reads", async () => {
    await writeFileAtomic(at("a"), "x");
    expect([await readFile(at("a"), "utf8"), await modeOf(at("a"))]).toEqual(["x", 0o600]);
  });

  it("keeps the mode of the file that it replaces", async () => {
    await writeFile(at("a"), "old");
    await chmod(at("a"), 0o640);
    await writeFileAtomic(at("a"), "new");
    expect([await readFile(at("a"), "utf8"), await modeOf(at("a"))]).toEqual(["new", 0o640]);
  });

  it("sets the mode that is asked for", async () => {
    await writeFile(at("a"), "old");
    await writeFileAtomic(at("a"), "new", { mode: 0o755 });
    expect(await modeOf(at("a"))).toBe(0o755);
  });

  it.runIf(process.geteuid?.() === 0)("keeps the owner of the file that it replaces", async () => {
    await writeFile(at("a"), "old");
    await chown(at("a"), 1234, 2345);
    await writeFileAtomic(at("a"), "new");
    expect(await stat(at("a"))).toMatchObject({ uid: 1234, gid: 2345 });
  });

  it("writes the target of a symbolic link and leaves the link", async () => {
    await writeFile(at("target"), "old");
    await symlink("target", at("link"));
    await writeFileAtomic(at("link"), "new");
    expect(await readFile(at("target"), "utf8")).toBe("new");
    expect((await readdir(folder)).sort()).toEqual(["link", "target"]);
  });

  it("leaves nothing behind when it fails", async () => {
    await expect(writeFileAtomic(folder, "x")).rejects.toThrow();
    await expect(writeFileAtomic(at("no/such"), "x")).rejects.toThrow("ENOENT");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("reading a text", () => {
  it("gives null when there is no file, and fails for other reasons", async () => {
    await writeFile(at("a"), "x");
    expect([await readTextOrNull(at("a")), await readTextOrNull(at("b"))]).toEqual(["x", null]);
    await expect(readTextOrNull(folder)).rejects.toThrow("EISDIR");
  });
});
