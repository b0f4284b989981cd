import { setTimeout as pause } from "node:timers/promises";

/** Waits until a condition holds; after the limit, in seconds, it throws with what was waited for. */
export async function eventually(
  what: string,
  condition: () => Promise<boolean>,
  limit = 60,
): Promise<void> {
  const end = performance.now() + limit * 1000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limit} seconds in vain: ${what}`);
    await pause(100);
  }
}
