import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { readEnvironmentText } from "./read-file.ts";

describe("readEnvironmentText", () => {
  it("reads text, without the mark that some editors put before it", () => {
    const file = join(testFolder(), "environment.yml");
    writeFileSync(file, "\uFEFFname: naïve\n");
    expect(readEnvironmentText(file)).toBe("name: naïve\n");
  });

  it.each<[string, (file: string) => void, string]>([
    ["is not there", () => {}, "there is no such file"],
    ["is a folder", (file) => mkdirSync(file), "it is not a file"],
    ["is a pipe", (file) => execFileSync("/usr/bin/mkfifo", [file]), "it is not a file"],
    ["is a link", (file) => symlinkSync("/etc/hostname", file), "it is a symbolic link"],
    ["is binary", (file) => writeFileSync(file, "name\0"), "something else than text"],
    [
      "is in another encoding",
      (file) => writeFileSync(file, Buffer.from([0x6e, 0xe4])),
      "something else",
    ],
    [
      "is too large",
      (file) => {
        writeFileSync(file, "");
        truncateSync(file, 5e6);
      },
      "it has 5.0 MB, and at most 4 MB are read",
    ],
  ])("refuses what %s", (_, make, said) => {
    const file = join(testFolder(), "environment.yml");
    make(file);
    expect(() => readEnvironmentText(file)).toThrow(
      expect.objectContaining({
        code: "CONDA_FILE_UNREADABLE",
        message: expect.stringMatching(new RegExp(`^${file} cannot be read: .*${said}`)),
      }),
    );
  });
});
