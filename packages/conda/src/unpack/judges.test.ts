import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { makePackage } from "../../test/support/package.ts";
import { unpackArchive } from "./archive.ts";

/** Conda's own tools, as Debian packages them; nobody here wrote either. */
const JUDGES: Readonly<Record<string, (archive: string, target: string) => readonly string[]>> = {
  "conda-package-handling": (archive, target) => ["cph", "extract", archive, "--dest", target],
  "conda-package-streaming": (archive, target) => [
    "/usr/bin/python3",
    "-c",
    "import sys; from conda_package_streaming.extract import extract; extract(sys.argv[1], sys.argv[2])",
    archive,
    target,
  ],
};

/** Every path with what it is: what was unpacked, whoever did it. Modes are ours to choose. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .flatMap((path) => {
      const file = join(folder, path);
      const status = lstatSync(file);
      if (status.isDirectory()) return [];
      if (status.isSymbolicLink()) return [`${path} -> ${readlinkSync(file)}`];
      const isProgram = (status.mode & 0o100) !== 0 ? "program" : "file";
      return [
        `${path} ${isProgram} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`,
      ];
    });
}

const LONG = `share/${"deep/".repeat(40)}${"n".repeat(90)}.txt`;

describe.each(["conda", "tar.bz2"] as const)("a .%s", (format) => {
  it.each(Object.keys(JUDGES))("is unpacked as by %s", async (judge) => {
    const { bytes, fileName } = makePackage({
      name: "judged",
      format,
      noarch: "generic",
      files: {
        "bin/run": { content: "#!/bin/sh\n", mode: 0o755 },
        "lib/empty": "",
        "lib/large": Buffer.alloc(3_000_000, "0123456789abcdef"),
        "lib/link": { link: "large" },
        [LONG]: "at the end of a long path",
        "share/ümläut €.txt": "in UTF-8",
        "lib/twin": { twin: "lib/large" },
      },
    });
    const folder = testFolder();
    const [archive, ours, theirs] = [
      join(folder, fileName),
      join(folder, "ours"),
      join(folder, "theirs"),
    ];
    writeFileSync(archive, bytes);
    for (const made of [ours, theirs]) mkdirSync(made);
    await unpackArchive(archive, ours);
    const [program = "", ...args] = JUDGES[judge]?.(archive, theirs) ?? [];
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
    expect([status, error], stderr).toEqual([0, undefined]);
    expect(contents(ours)).toEqual(contents(theirs));
    expect(contents(ours)).toHaveLength(12);
  });
});
