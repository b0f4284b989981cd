import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { makePackage } from "../../test/support/package.ts";
import { UnpackPool } from "./pool.ts";

it("a server without bzip2 is told which package to install", async () => {
  const folder = testFolder();
  const file = join(folder, "old-1.0-0.tar.bz2");
  writeFileSync(file, makePackage({ name: "old", format: "tar.bz2", files: { a: "1" } }).bytes);
  mkdirSync(join(folder, "out"));
  vi.stubEnv("PATH", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const pool = new UnpackPool(1);
  onTestFinished(() => pool.close());
  await expect(pool.unpack(file, join(folder, "out"))).rejects.toMatchObject({
    code: "CONDA_BZIP2_MISSING",
    remedy: expect.stringContaining("apt-get install bzip2"),
  });
});
