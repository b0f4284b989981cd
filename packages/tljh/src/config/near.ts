/**
 * The candidate that a mistyped name most likely meant: at most `most` letters off, and no more than half of
 * them, or a name that goes on where this one stops.
 */
export function nearest(name: string, candidates: Iterable<string>, most = 2): string | undefined {
  let best: string | undefined;
  let least = Math.min(most, Math.floor(name.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least && candidate !== name) {
      best = candidate;
      least = distance;
    }
  }
  return best ?? (most > 1 ? longer(name, candidates) : undefined);
}

const longer = (name: string, candidates: Iterable<string>) =>
  name.length > 2 ? [...candidates].find((candidate) => candidate.startsWith(name)) : undefined;

/** Insertions, deletions, replacements and exchanges of neighbours that turn one word into another. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? at(before, j - 2) + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, swapped, at(above, j) + 1, at(row, j - 1) + 1));
    }
    before = above;
  }
  return at(row, b.length);
}

const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
