import { unsafe } from "./fault.ts";
import { CONTROL } from "./member-path.ts";

const MOST_STEPS = 400;

/**
 * Where a member of a noarch Python package will be in a prefix. Only how deep it is matters here, not
 * the interpreter's version.
 */
export function noarchPythonPlace(path: string): string {
  if (path.startsWith("site-packages/")) return `lib/python3/${path}`;
  return path.replace(/^python-scripts\//, "bin/");
}

/**
 * Throws unless each symbolic link, followed as the kernel would, through other links too, stays in
 * the package. `links` maps a link's path to its target. A target need not exist: packages link to
 * files that other packages bring.
 */
export function checkLinks(links: ReadonlyMap<string, string>): void {
  for (const [path, target] of links) followLink(links, path, target);
}

function followLink(links: ReadonlyMap<string, string>, path: string, target: string): void {
  const at = path.split("/").slice(0, -1);
  const pending = targetParts(path, target);
  for (let steps = 0; pending.length > 0; steps += 1) {
    if (steps > MOST_STEPS) throw unsafe(`the link ${path} -> ${target} goes round in a circle`);
    const part = pending.shift();
    if (part === undefined || part === "" || part === ".") continue;
    if (part === "..") {
      if (at.pop() === undefined) throw unsafe(`the link ${path} -> ${target} leads outside`);
      continue;
    }
    at.push(part);
    const here = at.join("/");
    const next = links.get(here);
    if (next === undefined) continue;
    at.pop();
    pending.unshift(...targetParts(here, next));
  }
}

/** A target's parts. Throws where no link may have such a one. */
export function targetParts(path: string, target: string): string[] {
  if (target === "" || CONTROL.test(target)) throw unsafe(`the link ${path} has no valid target`);
  if (target.includes("\ufffd")) throw unsafe(`the target of the link ${path} is not UTF-8`);
  if (target.startsWith("/")) throw unsafe(`the link ${path} -> ${target} leads outside`);
  return target.split("/");
}
