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

/** Text may change its length. */
function replaceText(content: Buffer, placeholder: string, prefix: string): Buffer {
  // latin1 keeps every byte as it is, in whatever encoding the file may be.
  const to = Buffer.from(prefix).toString("latin1");
  const from = Buffer.from(placeholder).toString("latin1");
  const replace = (part: string): string => part.replaceAll(from, () => to);
  const text = content.toString("latin1");
  const end = text.startsWith("#!") ? firstLineLength(text) : 0;
  return Buffer.from(shebang(text.slice(0, end), replace) + replace(text.slice(end)), "latin1");
}

function firstLineLength(text: string): number {
  const end = text.indexOf("\n");
  return end === -1 ? text.length : end;
}

/**
 * A first line that the kernel would not understand with this prefix in it, being too long or with a
 * space in the interpreter's path, starts the interpreter otherwise: Python by sh, so that it is
 * this one; any other, as conda has it, by its name.
 */
function shebang(line: string, replace: (part: string) => string): string {
  const replaced = replace(line);
  const [, path, options = ""] = /^#! *(\/(?:\\ |[^ \n\r\t])*)(.*)$/.exec(line) ?? [];
  if (path === undefined) return replaced;
  const interpreter = replace(path);
  if (replaced.length < LONGEST_SHEBANG && !interpreter.includes(" ")) return replaced;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/^python[\d.]*$/.test(name)) return startedBySh(interpreter, replace(options));
  // env takes all that is behind it for one name, unless it is told to split it.
  return `#!/usr/bin/env ${options.trim() === "" ? "" : "-S "}${name}${replace(options)}`;
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
  return `${startedBySh(executable, "")}\n`;
}

/** Read by sh as a command, by Python as a string. */
function startedBySh(executable: string, options: string): string {
  return `#!/bin/sh\n'''exec' "${executable}"${options} "$0" "$@" #'''`;
}
