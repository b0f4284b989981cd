import { unsafe } from "./fault.ts";

const LONGEST_COMPONENT = 255;
const LONGEST_PATH = 3500;

/** Line ends among them: lists of files, and programs that read them, go by lines. */
export const CONTROL = /\p{Cc}/u;

/** What nearly all names are: nothing in them needs a closer look. */
const PLAIN = /^(?:[\w+~@=-][\w.+~@=-]*\/)*[\w+~@=-][\w.+~@=-]*$/;

/**
 * A member's name as a path below the package: no `.` and no empty parts. The empty text is the
 * package's own folder. Throws where the name leads, or could lead, out of it.
 */
export function memberPath(name: string): string {
  if (name.length <= LONGEST_COMPONENT && PLAIN.test(name)) return name;
  const shown = JSON.stringify(name);
  if (name.startsWith("/")) throw unsafe(`the path ${shown} is absolute`);
  if (CONTROL.test(name)) throw unsafe(`the path ${shown} has a control character in it`);
  if (name.includes("\ufffd")) throw unsafe(`the path ${shown} is not UTF-8`);
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(`the path ${shown} has ".." in it`);
  const path = parts.join("/");
  const length = Buffer.byteLength(path);
  if (length > LONGEST_PATH) throw unsafe(`the path ${shown} is too long`);
  if (length > LONGEST_COMPONENT && parts.some(isTooLong)) {
    throw unsafe(`a part of the path ${shown} is too long`);
  }
  return path;
}

function isTooLong(part: string): boolean {
  return Buffer.byteLength(part) > LONGEST_COMPONENT;
}
