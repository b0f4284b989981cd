import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serverPaths } from "../system/paths.ts";
import { serverLock } from "./lock.ts";

test("two commands do not change the same server at once, and the second says so", async () => {
  const paths = serverPaths(join(mkdtempSync(join(tmpdir(), "tljh-lock-")), "tljh"));
  {
    await using _first = await serverLock(paths);
    await expect(serverLock(paths)).rejects.toMatchObject({
      code: "INSTALL_ALREADY_RUNNING",
      message: expect.stringContaining(join(paths.prefix, ".lock")),
    });
  }
  await using second = await serverLock(paths);
  expect(second).toBeDefined();
});
