import { readTextOrNull } from "../system/files.ts";

/**
 * The names of the plugins that take no part: `disabled` of `state/installation.json`. A record that makes no
 * sense disables none; whatever is installed from it says so.
 */
export async function readDisabled(installation: string): Promise<readonly string[]> {
  try {
    const record = JSON.parse((await readTextOrNull(installation)) ?? "{}");
    const names: unknown[] = Array.isArray(record?.disabled) ? record.disabled : [];
    return names.filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}
