import { unsafe } from "./fault.ts";

const LONGEST_COMPONENT = 255;
const LONGEST_PATH = 3500;

/**
 * A member's name as a path below the package: no `.` and no empty parts. The empty text is the
 * package's own folder. Throws where the name leads, or could lead, out of it.
 */
export function memberPath(name: string): string {
  const shown = JSON.stringify(name);
  if (name.startsWith("/")) throw unsafe(`the path ${shown} is absolute`);
  if (name.includes("\0")) throw unsafe(`the path ${shown} has a zero byte in it`);
  if (name.includes("\ufffd")) throw unsafe(`the path ${shown} is not UTF-8`);
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(`the path ${shown} has ".." in it`);
  const path = parts.join("/");
  if (Buffer.byteLength(path) > LONGEST_PATH) throw unsafe(`the path ${shown} is too long`);
  if (path.length > LONGEST_COMPONENT && parts.some(isTooLong)) {
    throw unsafe(`a part of the path ${shown} is too long`);
  }
  return path;
}

function isTooLong(part: string): boolean {
  return Buffer.byteLength(part) > LONGEST_COMPONENT;
}
