import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/environment.ts";
import { PrefixTooLongError, pythonShebang, replacePlaceholder } from "./placeholder.ts";

const HOLE = `/opt/${"placehold_".repeat(20)}`;
const text = (content: string, prefix: string): string =>
  replacePlaceholder(Buffer.from(content), HOLE, prefix, "text").toString();

test("every placeholder in a text becomes the prefix", () => {
  expect(text(`a=${HOLE}/lib b=${HOLE}`, "/opt/x")).toBe("a=/opt/x/lib b=/opt/x");
});

test("a prefix is written as it is, whatever it holds", () => {
  expect(text(`${HOLE}/lib`, "/opt/$&ü")).toBe("/opt/$&ü/lib");
});

test("bytes that are no UTF-8 survive", () => {
  const content = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(HOLE)]);
  const replaced = replacePlaceholder(content, HOLE, "/p", "text");
  expect([...replaced]).toEqual([0xff, 0xfe, 0x2f, 0x70]);
});

const LONG = `/opt/${"deep/".repeat(30)}x`;

test("a first line too long for the kernel starts Python by sh, and other interpreters by env", () => {
  expect(text(`#!${HOLE}/bin/python3 -E\nimport sys\n`, LONG)).toBe(
    `#!/bin/sh\n'''exec' "${LONG}/bin/python3" -E "$0" "$@" #'''\nimport sys\n`,
  );
  expect(text(`#!${HOLE}/bin/Rscript\n`, LONG)).toBe("#!/usr/bin/env Rscript\n");
  expect(text(`#! ${HOLE}/bin/perl -w\n`, LONG)).toBe("#!/usr/bin/env -S perl -w\n");
});

test("an interpreter below a path with a space, which the kernel would cut, is started likewise", () => {
  expect(text(`#!${HOLE}/bin/python3.11\n`, "/opt/a b")).toBe(
    `#!/bin/sh\n'''exec' "/opt/a b/bin/python3.11" "$0" "$@" #'''\n`,
  );
  expect(text(`#!${HOLE}/bin/Rscript\n`, "/opt/a b")).toBe("#!/usr/bin/env Rscript\n");
});

test("a first line that the kernel understands is left, whatever else is long or has spaces", () => {
  expect(text(`#!${HOLE}/bin/sh\n`, "/opt/x")).toBe("#!/opt/x/bin/sh\n");
  expect(text(`#!/bin/sh\n${HOLE}`, LONG)).toBe(`#!/bin/sh\n${LONG}`);
  expect(text(`#!/bin/sh\n${HOLE}`, "/opt/a b")).toBe("#!/bin/sh\n/opt/a b");
});

test("a script below a long path with a space is started by the kernel, with its own Python", () => {
  const prefix = join(temporaryDirectory(), "with a space", "deep".repeat(40));
  mkdirSync(join(prefix, "bin"), { recursive: true });
  symlinkSync("/usr/bin/python3", join(prefix, "bin/python3"));
  const script = join(prefix, "bin/script");
  const lines = ["import sys", "print(sys.argv[1:], sys.flags.dont_write_bytecode)"];
  writeFileSync(script, text(`#!${HOLE}/bin/python3 -B\n${lines.join("\n")}\n`, prefix), {
    mode: 0o755,
  });
  expect(execFileSync(script, ["a b", "c"], { encoding: "utf8" })).toBe("['a b', 'c'] 1\n");
});

test("a binary keeps its length, and each of its strings ends where its prefix does", () => {
  const binary = Buffer.from(`\x7fELF\0${HOLE}/lib:${HOLE}/lib64\0rest`);
  const replaced = replacePlaceholder(binary, HOLE, "/opt/x", "binary");
  expect(replaced.length).toBe(binary.length);
  expect(replaced.toString().replace(/\0+/g, "|")).toBe("\x7fELF|/opt/x/lib:/opt/x/lib64|rest");
});

test("a prefix longer than the room for it is refused", () => {
  const replace = () => replacePlaceholder(Buffer.from(HOLE), HOLE, `${HOLE}x`, "binary");
  expect(replace).toThrow(PrefixTooLongError);
});

test("no placeholder is left in any binary, and what is outside its strings does not move", () => {
  const piece = fc.oneof(fc.constant(HOLE), fc.constant("\0"), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const binary = Buffer.from(`${pieces.join("")}\0end`);
      const replaced = replacePlaceholder(binary, HOLE, "/p", "binary");
      expect(replaced.length).toBe(binary.length);
      expect(replaced.includes(HOLE)).toBe(false);
      expect(replaced.subarray(-4)).toEqual(binary.subarray(-4));
    }),
  );
});

test("an interpreter too far down, or with a space, is started by sh", () => {
  expect(pythonShebang("/opt/x/bin/python3.13")).toBe("#!/opt/x/bin/python3.13\n");
  expect(pythonShebang("/opt/a b/bin/python3")).toBe(
    `#!/bin/sh\n'''exec' "/opt/a b/bin/python3" "$0" "$@" #'''\n`,
  );
});
