import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { readTextOrNull } from "../system/files.ts";
import { type Distribution, normalName, requirementName } from "./distributions.ts";

const brought = z.record(
  z.string(),
  z.object({ version: z.string(), entries: z.array(z.string()).readonly() }).readonly(),
);

/**
 * The distributions that were not there before pip brought them on our behalf, by their normalised names, each
 * with the entries that asked for it by name. Kept inside the environment, as the record of entries is.
 */
export type Brought = Readonly<z.infer<typeof brought>>;

const pathOf = (directory: string) => join(directory, "etc", "tljh", "pip-brought.json");

/** Empty where there is none: then nothing is ours to take away. */
export async function readBrought(directory: string): Promise<Brought> {
  const text = await readTextOrNull(pathOf(directory));
  try {
    return text === null ? {} : brought.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

export async function writeBrought(directory: string, content: Brought): Promise<void> {
  const path = pathOf(directory);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

const report = z.object({
  install: z.array(
    z.object({
      requested: z.boolean().default(false),
      download_info: z.object({ url: z.string().default("") }).default({ url: "" }),
      metadata: z.object({ name: z.string(), version: z.string() }),
    }),
  ),
});

/** What one run of pip has installed, as its `--report` tells. */
export type PipReport = z.infer<typeof report>;

export function parsePipReport(text: string): PipReport {
  return report.parse(JSON.parse(text));
}

/** What pip has brought, after a run for these entries in an environment that held `before`. */
export function afterRun(
  earlier: Brought,
  before: ReadonlyMap<string, Distribution>,
  { install }: PipReport,
  entries: readonly string[],
): Brought {
  const after: Record<string, Brought[string]> = { ...earlier };
  for (const { requested, download_info: info, metadata } of install) {
    const name = normalName(metadata.name);
    if (before.has(name) && earlier[name] === undefined) continue;
    const asking = requested ? entriesFor(name, info.url, entries) : [];
    const known = earlier[name]?.entries ?? [];
    after[name] = { version: metadata.version, entries: [...new Set([...known, ...asking])] };
  }
  return after;
}

/** Where it cannot be told which entry meant a distribution, each that may have counts. */
function entriesFor(name: string, url: string, entries: readonly string[]): readonly string[] {
  const named = entries.filter((entry) => requirementName(entry) === name);
  if (named.length > 0) return named;
  const unnamed = entries.filter((entry) => requirementName(entry) === undefined);
  const same = unnamed.filter((entry) => isAddress(entry, url));
  return same.length > 0 ? same : unnamed;
}

function isAddress(entry: string, url: string): boolean {
  return entry.startsWith("/") ? pathToFileURL(entry).href === url : entry === url;
}

/** What was brought once and is still as it was brought. */
function isOurs(one: Brought[string] | undefined, distribution: Distribution): boolean {
  return distribution.installer === "pip" && one?.version === distribution.version;
}

/**
 * Of what pip brought for us, all that neither a wanted entry asks for nor anything that stays needs. What
 * was there before, or was changed since by somebody else, is never among it.
 */
export function unneededDistributions(
  installed: ReadonlyMap<string, Distribution>,
  brought: Brought,
  wanted: Iterable<string>,
): readonly string[] {
  const entries = new Set(wanted);
  const names = new Set([...entries].map((entry) => requirementName(entry)));
  const isWanted = (name: string) =>
    names.has(name) || (brought[name]?.entries ?? []).some((entry) => entries.has(entry));
  const candidates = [...installed].filter(([name, one]) => isOurs(brought[name], one));
  const mayGo = new Set(candidates.map(([name]) => name).filter((name) => !isWanted(name)));
  const open = [...installed.keys()].filter((name) => !mayGo.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const needed of installed.get(name)?.requires ?? [])
      if (mayGo.delete(needed)) open.push(needed);
  return [...mayGo].sort();
}
