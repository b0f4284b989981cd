/** One edit of config.yaml: a value at a path, or its removal when `value` is absent. */
export interface ConfigChange {
  readonly path: readonly string[];
  readonly value?: unknown;
}

/** The smallest edits that turn one configuration into another; maps are entered, lists replaced whole. */
export function configChanges(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly ConfigChange[] {
  if (Object.is(before, after)) return [];
  if (!isMap(before) || !isMap(after))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, value: after }];
  const removed = Object.keys(before).filter((key) => !(key in after));
  return [
    ...removed.map((key) => ({ path: [...path, key] })),
    ...Object.entries(after).flatMap(([key, value]) =>
      key in before
        ? configChanges(before[key], value, [...path, key])
        : [{ path: [...path, key], value }],
    ),
  ];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
