import { styleText } from "node:util";
import { changeText, type PackageChange } from "@tljh/conda";

const MOST_NAMED = 20;

/**
 * What became of an environment's packages, with old and new versions, one a line. Of many, those that
 * somebody asked for and those that were there before come first, and the rest is a number.
 */
export function changeLines(changes: readonly PackageChange[]): readonly string[] {
  const order = changes.toSorted((a, b) => weight(a) - weight(b));
  const named = order.slice(0, MOST_NAMED).map(changeLine);
  const more = changes.length - named.length;
  return more > 0 ? [...named, styleText("dim", `and ${more} more`)] : named;
}

const weight = ({ from, because }: PackageChange) =>
  from !== undefined ? 0 : because !== undefined ? 1 : 2;

/** Green is new, red is gone, yellow is another version. */
export function changeLine(change: PackageChange): string {
  const text = changeText(change);
  const reason = change.because ? styleText("dim", `  (asked for by ${change.because})`) : "";
  if (change.from === undefined) return styleText("green", text) + reason;
  if (change.to === undefined) return styleText("red", text) + reason;
  return styleText("yellow", `~ ${text}`) + reason;
}
