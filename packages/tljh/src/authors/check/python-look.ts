import * as z from "zod";
import { pluginEndedHost, pluginHostConfused } from "../../errors/plugin-hosts.ts";
import type { Assignment } from "../../hub/assignments.ts";
import { tryExec } from "../../system/exec.ts";

/** Milliseconds, for the import and the call. */
const LIMIT = 120_000;

const answer = z.object({
  /** Every hook that is wrong in itself. */
  faults: z.array(z.object({ hook: z.string(), message: z.string() })),
  /** What `tljh_custom_jupyterhub_config` sets, by class and trait. */
  changes: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  milliseconds: z.number().default(0),
  error: z
    .object({ code: z.string(), message: z.string(), remedy: z.string(), trace: z.string() })
    .optional(),
});

export interface Looking {
  readonly python: string;
  readonly plugin: string;
  readonly assignments: readonly Assignment[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * What only Python can say of a plugin in Python (`tljh/_check.py`): all its faults, and what it does to
 * JupyterHub's own kind of configuration. Rejects where it cannot be imported.
 */
export async function lookInPython(looking: Looking): Promise<z.infer<typeof answer>> {
  const { python, plugin: name, assignments, settings } = looking;
  const input = JSON.stringify({ name, assignments, settings });
  const args = ["-m", "tljh._check"];
  const { exitCode, stdout, stderr } = await tryExec(python, args, { input, timeout: LIMIT });
  if (exitCode !== 0) {
    const said = stderr.trim().split("\n").slice(-5);
    const place = { plugin: name, hook: "tljh_custom_jupyterhub_config" };
    throw pluginEndedHost(place, `exit code ${exitCode}`, said);
  }
  const parsed = answer.safeParse(parse(stdout));
  if (!parsed.success) throw pluginHostConfused("Python", stdout, parsed.error);
  return parsed.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
