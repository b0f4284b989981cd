import type { FileMode } from "../types.ts";

/** Linux reads at most this many bytes of a first line (`execve(2)` says 255; older ones 127). */
const LONGEST_SHEBANG = 127;

/** Thrown where a prefix is longer than the room a binary file has for it. */
export class PrefixTooLongError extends Error {}

/** `content` with `prefix` in place of `placeholder`. */
export function replacePlaceholder(
  content: Buffer,
  placeholder: string,
  prefix: string,
  mode: FileMode,
): Buffer {
  return mode === "binary"
    ? replaceBinary(content, placeholder, prefix)
    : replaceText(content, placeholder, prefix);
}

/** Text may change its length. A first line too long for the kernel becomes `/usr/bin/env`. */
function replaceText(content: Buffer, placeholder: string, prefix: string): Buffer {
  // latin1 keeps every byte as it is, in whatever encoding the file may be.
  const to = Buffer.from(prefix).toString("latin1");
  const from = Buffer.from(placeholder).toString("latin1");
  const text = content.toString("latin1").replaceAll(from, () => to);
  return Buffer.from(text.startsWith("#!") ? withShortShebang(text) : text, "latin1");
}

function withShortShebang(text: string): string {
  const end = text.indexOf("\n") === -1 ? text.length : text.indexOf("\n");
  const line = text.slice(0, end);
  if (line.length + 1 <= LONGEST_SHEBANG) return text;
  const [, path, options] = /^#! *(\/(?:\\ |[^ \n\r\t])*)(.*)$/.exec(line) ?? [];
  if (path === undefined) return text;
  return `#!/usr/bin/env ${path.slice(path.lastIndexOf("/") + 1)}${options}${text.slice(end)}`;
}

/**
 * A binary keeps its length: each C string that holds the placeholder is rewritten, and zeroes
 * fill what it lost at its end.
 */
function replaceBinary(content: Buffer, placeholder: string, prefix: string): Buffer {
  const from = Buffer.from(placeholder);
  if (Buffer.byteLength(prefix) > from.length) throw new PrefixTooLongError(prefix);
  const result = Buffer.from(content);
  let start = content.indexOf(from);
  while (start !== -1) {
    const zero = content.indexOf(0, start);
    const end = zero === -1 ? content.length : zero;
    const string = content.toString("latin1", start, end);
    const replaced = string.replaceAll(from.toString("latin1"), () =>
      Buffer.from(prefix).toString("latin1"),
    );
    result.fill(0, start, end);
    result.write(replaced, start, "latin1");
    start = content.indexOf(from, end);
  }
  return result;
}

/** The first line of a script that the interpreter at `executable` runs. */
export function pythonShebang(executable: string): string {
  const line = `#!${executable}\n`;
  if (line.length <= LONGEST_SHEBANG && !executable.includes(" ")) return line;
  // Read by sh as a command, by Python as a string.
  return `#!/bin/sh\n'''exec' "${executable}" "$0" "$@" #'''\n`;
}
