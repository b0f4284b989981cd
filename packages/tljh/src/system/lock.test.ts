import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { tryLock } from "./lock.ts";

let path = "";
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "tljh-lock-")), "lock");
});
const isFree = () => spawnSync("flock", ["-n", path, "true"]).status === 0;

describe("a lock", () => {
  it("is held against other programs until it is released", async () => {
    const lock = await tryLock(path, 0.1);
    expect(isFree()).toBe(false);
    await lock?.release();
    expect(isFree()).toBe(true);
  });

  it("is held once only, also within one process", async () => {
    await using lock = await tryLock(path, 0.1);
    expect(lock).not.toBeNull();
    expect(await tryLock(path, 0.1)).toBeNull();
  });

  it("is waited for while another holds it", async () => {
    const other = spawn("flock", [path, "sh", "-c", "echo held; read line"]);
    await once(other.stdout, "data");
    const waiting = tryLock(path, 10);
    other.stdin.end();
    await using lock = await waiting;
    expect(lock).not.toBeNull();
  });

  it("cannot be had where no file can be made", async () => {
    await expect(tryLock(join(path, "no", "such"), 0.1)).rejects.toThrow("ENOENT");
  });
});
