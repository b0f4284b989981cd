import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readElfLinks } from "./elf.ts";

test("The running program needs the C library", () => {
  expect(readElfLinks(readFileSync(process.execPath))?.needed).toContain("libc.so.6");
});

test("Text is no ELF file", () => {
  expect(readElfLinks(Buffer.from("#!/bin/sh\n".repeat(20)))).toBeUndefined();
});
