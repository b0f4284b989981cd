import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const README = fileURLToPath(new URL("README.md", import.meta.url));
const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

/** Puts figures in the place of those that are there. */
export function writeReadme(figures: string): void {
  const text = readFileSync(README, "utf8");
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${README} has no place for figures: ${BEGIN} … ${END}`);
  }
  writeFileSync(README, `${before}${BEGIN}\n\n${figures}\n\n${END}${after}`);
}
