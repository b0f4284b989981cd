const FILE = "file://";
const STAND_IN = "https://file.invalid";

/**
 * rattler's WebAssembly takes a `file:` URL for a disk, and has none: it is given the channel under
 * an address that nobody has, and what it asks for or answers with is turned back.
 */
export function toSolverUrl(url: string): string {
  return url.startsWith(FILE) ? STAND_IN + url.slice(FILE.length) : url;
}

/** The text, which may be a URL or have some in it, with the real addresses. */
export function fromSolverText(text: string): string {
  return text.replaceAll(STAND_IN, FILE);
}
