import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { makePackage, packConda } from "../../test/support/package.ts";
import { UnpackPool } from "./pool.ts";

function testPool(size: number) {
  const pool = new UnpackPool(size);
  onTestFinished(() => pool.close());
  const folder = testFolder();
  const unpack = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    mkdirSync(join(folder, `${name}.out`));
    return pool.unpack(join(folder, name), join(folder, `${name}.out`));
  };
  return { pool, folder, unpack };
}

describe("UnpackPool", () => {
  it("unpacks more archives than it has threads", async () => {
    const { folder, unpack } = testPool(2);
    const { bytes } = makePackage({ name: "x", files: { a: "1" } });
    await Promise.all(["1.conda", "2.conda", "3.conda"].map((name) => unpack(name, bytes)));
    expect(readdirSync(join(folder, "3.conda.out"))).toEqual(["a", "info"]);
  });

  it("names the file that was refused, and goes on", async () => {
    const { unpack } = testPool(1);
    const bad = unpack("bad.conda", packConda("x", [], [{ path: "../x" }]));
    const good = unpack("good.conda", makePackage({ name: "x" }).bytes);
    await expect(bad).rejects.toMatchObject({
      code: "CONDA_ARCHIVE_UNSAFE",
      message: 'The package bad.conda was refused: the path "../x" has ".." in it',
    });
    await expect(good).resolves.toMatchObject({ files: 4 });
  });

  it("names the file that is damaged", async () => {
    const { unpack } = testPool(1);
    const bad = unpack("bad.conda", Buffer.alloc(100));
    await expect(bad).rejects.toMatchObject({ code: "CONDA_ARCHIVE_DAMAGED" });
  });

  it("says what the system refused", async () => {
    const { pool, folder } = testPool(1);
    const missing = pool.unpack(join(folder, "none.conda"), folder);
    await expect(missing).rejects.toMatchObject({ code: "CONDA_UNPACK_FAILED" });
  });

  it("rejects what is left when it is closed", async () => {
    const { pool, unpack } = testPool(1);
    const { bytes } = makePackage({ name: "x" });
    const settled = Promise.allSettled(["1.conda", "2.conda"].map((name) => unpack(name, bytes)));
    await pool.close();
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
