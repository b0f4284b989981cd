/**
 * An order with further names in it, each after the one that stood before it in an earlier order; so that
 * a plugin that is not asked this time keeps its place.
 */
export function withKept(
  order: readonly string[],
  kept: readonly string[],
  earlier: readonly string[],
): string[] {
  const result = [...new Set(order)];
  for (const [index, name] of earlier.entries()) {
    if (!kept.includes(name) || result.includes(name)) continue;
    const before = earlier.slice(0, index).findLast((one) => result.includes(one));
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, name);
  }
  return result;
}
