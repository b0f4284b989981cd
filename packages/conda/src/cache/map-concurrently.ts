/** Runs a task for each item, at most `limit` at the same time, in the items' order. */
export async function mapConcurrently<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const pending = items.values();
  const lane = async () => {
    for (const item of pending) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
