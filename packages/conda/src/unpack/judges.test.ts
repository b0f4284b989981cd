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

function run([program = "", ...args]: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", cwd });
  expect([status, error], stderr).toEqual([0, undefined]);
}

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
      const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
      return [`${path} ${isProgram} ${sha256}`];
    });
}

const LONG = `share/${"deep/".repeat(40)}${"n".repeat(90)}.txt`;

const FORMATS = ["conda", "tar.bz2"] as const;

/** More than is unpacked in one piece, in bytes. */
const LARGE = 5_000_000;

/** A package in a folder of its own, and what we unpack of it. */
async function judged(format: (typeof FORMATS)[number], large = 1000) {
  const { bytes, fileName } = makePackage({
    name: "judged",
    format,
    noarch: "generic",
    files: {
      "bin/run": { content: "#!/bin/sh\n", mode: 0o755 },
      "lib/empty": "",
      "lib/large": Buffer.alloc(large, "0123456789abcdef"),
      "lib/link": { link: "large" },
      [LONG]: "at the end of a long path",
      "share/ümläut €.txt": "in UTF-8",
      "lib/twin": { twin: "lib/large" },
    },
  });
  const folder = testFolder();
  writeFileSync(join(folder, fileName), bytes);
  const unpack = async (name: string, to: string) => {
    mkdirSync(join(folder, to));
    await unpackArchive(join(folder, name), join(folder, to));
    return contents(join(folder, to));
  };
  return { folder, fileName, unpack, ours: await unpack(fileName, "ours") };
}

describe.each(FORMATS)("a .%s", { timeout: 60_000 }, (format) => {
  it.each(Object.keys(JUDGES))("is unpacked as by %s", async (judge) => {
    const { folder, fileName, ours } = await judged(format, LARGE);
    const theirs = join(folder, "theirs");
    mkdirSync(theirs);
    run(JUDGES[judge]?.(join(folder, fileName), theirs) ?? [], folder);
    expect(ours).toEqual(contents(theirs));
    expect(ours).toHaveLength(12);
  });

  it("made by conda-package-handling of what we unpacked is unpacked to the same", async () => {
    const { folder, unpack, ours } = await judged(format);
    run(["cph", "create", "ours", `made-1.0-0.${format}`, "--out-folder", folder], folder);
    expect(await unpack(`made-1.0-0.${format}`, "made")).toEqual(ours);
  });

  it("is unpacked to the same once conda-package-handling has turned it into the other format", async () => {
    const other = format === "conda" ? "tar.bz2" : "conda";
    const { folder, fileName, unpack, ours } = await judged(format);
    const fast = ["--zstd-compression-level", "1"];
    run(["cph", "transmute", fileName, `.${other}`, ...fast], folder);
    expect(await unpack(fileName.replace(format, other), "made")).toEqual(ours);
  });
});
