import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { completeLock, type Lock } from "./complete.ts";

test("the binary of a platform that a mirror lacks is locked to the version asked for", () => {
  const lock = {
    packages: {
      "node_modules/tool": {
        dev: true,
        optionalDependencies: { "@tool/cli-linux-arm64-musl": "1.2.3" },
      },
    },
  };
  expect(completeLock(lock).packages["node_modules/@tool/cli-linux-arm64-musl"]).toEqual({
    version: "1.2.3",
    cpu: ["arm64"],
    dev: true,
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
});

test("what is no platform's binary is not made up", () => {
  const lock = {
    packages: { "node_modules/tool": { optionalDependencies: { helper: "^1.0.0" } } },
  };
  expect(() => completeLock(lock)).toThrow("helper@^1.0.0");
});

test("this project's lock is complete", async () => {
  const lock = JSON.parse(await readFile("package-lock.json", "utf8")) as Lock;
  expect(completeLock(lock)).toEqual(lock);
});
