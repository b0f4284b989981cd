import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const README = fileURLToPath(new URL("README.md", import.meta.url));

/** Puts figures in the place of those that are there. `block` names the place: `<!-- block --> … <!-- end of block -->`. */
export function writeReadme(block: string, figures: string): void {
  const begin = `<!-- ${block} -->`;
  const end = `<!-- end of ${block} -->`;
  const text = readFileSync(README, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${README} has no place for figures: ${begin} … ${end}`);
  }
  writeFileSync(README, `${before}${begin}\n\n${figures}\n\n${end}${after}`);
}
