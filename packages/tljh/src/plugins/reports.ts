import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isExplained } from "../errors/error.ts";
import { pluginFailed } from "../errors/plugin-hosts.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";

/**
 * Who had a plugin fail: `hub-config` (plugins in TypeScript at a start of the hub), `hub` (Python plugins
 * inside JupyterHub, which writes the file itself), `daemon` (users' hooks), `install`.
 */
export const reporters = ["hub-config", "hub", "daemon", "install"] as const;

export type Reporter = (typeof reporters)[number];

const reportedFailure = z.object({
  plugin: z.string(),
  /** Null where the plugin could not even be loaded. */
  hook: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
});

const report = z.object({ version: z.literal(1), failures: z.array(reportedFailure) });

/** One failure of one plugin, as `state/plugin-reports/<who>.json` holds it. */
export type ReportedFailure = Readonly<z.infer<typeof reportedFailure>>;

/** What is kept; the oldest go first. */
const MOST_FAILURES = 200;
const LONGEST_MESSAGE = 4_000;

/** What a call of hooks came to, plugin by plugin. */
export interface Outcomes {
  readonly failures: readonly ReportedFailure[];
  /** What works now: earlier failures of the same plugin in the same hook are no longer told. */
  readonly worked?: readonly Pick<ReportedFailure, "plugin" | "hook">[];
}

/** An error as it is reported. */
export function toReport(
  plugin: string,
  hook: string | null,
  error: unknown,
  at: Date = new Date(),
): ReportedFailure {
  const { code, message, remedy } = isExplained(error) ? error : pluginFailed(error);
  const short =
    message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return { plugin, hook, code, message: short, remedy, at: at.toISOString() };
}

/** `before` with the outcomes of a later call: of one plugin and hook only the last failure is kept. */
export function mergeReport(
  before: readonly ReportedFailure[],
  { failures, worked = [] }: Outcomes,
): readonly ReportedFailure[] {
  const place = (one: Pick<ReportedFailure, "plugin" | "hook">) =>
    JSON.stringify([one.plugin, one.hook]);
  const settled = new Set([...worked, ...failures].map(place));
  const last = new Map(failures.map((one) => [place(one), one]));
  const kept = before.filter((one) => !settled.has(place(one)));
  return [...kept, ...last.values()].slice(-MOST_FAILURES);
}

/** The failures that `who` has reported; none where there is no report, or one that makes no sense. */
export async function readReport(
  folder: string,
  who: Reporter,
): Promise<readonly ReportedFailure[]> {
  const text = await readTextOrNull(fileOf(folder, who));
  if (text === null) return [];
  try {
    return report.parse(JSON.parse(text)).failures;
  } catch {
    return [];
  }
}

/** The failures that anybody has reported. */
export async function readReports(
  folder: string,
): Promise<readonly (ReportedFailure & { readonly who: Reporter })[]> {
  const found = await Promise.all(
    reporters.map(async (who) =>
      (await readReport(folder, who)).map((failure) => ({ ...failure, who })),
    ),
  );
  return found.flat();
}

/** Replaces the report of `who`, readable by root alone. */
export async function writeReport(
  folder: string,
  who: Reporter,
  failures: readonly ReportedFailure[],
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify({ version: 1, failures: failures.slice(-MOST_FAILURES) }, null, 2)}\n`;
  await writeFileAtomic(fileOf(folder, who), text, { mode: 0o600 });
}

/** The updates under way, by file: each is made of what the one before it has left. */
const updates = new Map<string, Promise<void>>();

/** Adds the outcomes of a call to the report of `who`. */
export function updateReport(folder: string, who: Reporter, outcomes: Outcomes): Promise<void> {
  const file = fileOf(folder, who);
  const update = (updates.get(file) ?? Promise.resolve())
    .catch(() => {})
    .then(async () => {
      const before = await readReport(folder, who);
      const after = mergeReport(before, outcomes);
      if (JSON.stringify(before) !== JSON.stringify(after)) await writeReport(folder, who, after);
    });
  updates.set(file, update);
  return update.finally(() => {
    if (updates.get(file) === update) updates.delete(file);
  });
}

const fileOf = (folder: string, who: Reporter) => join(folder, `${who}.json`);
