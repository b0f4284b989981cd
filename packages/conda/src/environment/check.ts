import type { StagedPrefix } from "../stage/stage.ts";
import { timed } from "./events.ts";
import type { ChangeOptions } from "./options.ts";

/** Throws what the check throws; the environment that it refused is then kept for a look. */
export async function checkStaged(
  staged: StagedPrefix,
  { check, onEvent, signal }: Pick<ChangeOptions, "check" | "onEvent" | "signal">,
): Promise<void> {
  if (check === undefined) return;
  try {
    await timed("check", onEvent, () => check(staged));
  } catch (error) {
    if (!signal?.aborted) await staged.giveUp();
    throw error;
  }
}
