import * as z from "zod";
import { ledgerUnreadable } from "../../errors/plugin-removal.ts";
import { readTextOrNull, writeFileAtomic } from "../../system/files.ts";

const names = z.array(z.string()).readonly();

const configWrite = z.object({
  path: z.array(z.string()).min(1).readonly(),
  value: z.unknown().optional(),
  before: z.unknown().optional(),
});

const contributor = z.object({
  name: z.string(),
  language: z.enum(["typescript", "python"]),
  version: z.string(),
  /** As in `LoadedPlugin`. */
  source: z.string(),
  aptPackages: names,
  hubPipPackages: names,
  userCondaPackages: names,
  userCondaChannels: names,
  userPipPackages: names,
  config: z.array(configWrite.readonly()).readonly(),
});

const ledger = z.object({
  version: z.literal(1),
  /** In the order in which they are asked. */
  plugins: z.array(contributor.readonly()).readonly(),
  /** What runs that have begun were to make of it, the last first: any may be true of the server. */
  pending: z.array(z.array(contributor.readonly()).readonly()).readonly(),
  /** Debian packages that were not there before a plugin asked for them. */
  debian: names,
});

/** What one plugin has contributed to the server. */
export type Contributor = Readonly<z.infer<typeof contributor>>;

/** `state/contributions.json`: what is on the server because of which plugin, so that it can be taken away again. */
export type Ledger = Readonly<z.infer<typeof ledger>>;

export const emptyLedger: Ledger = { version: 1, plugins: [], pending: [], debian: [] };

/** The ledger; empty where there is none. Throws `PLUGIN_LEDGER_UNREADABLE`. */
export async function readLedger(path: string): Promise<Ledger> {
  const text = await readTextOrNull(path);
  if (text === null) return emptyLedger;
  try {
    return ledger.parse(JSON.parse(text, revive));
  } catch (cause) {
    throw ledgerUnreadable(path, cause);
  }
}

/** Writes it for root alone: what plugins wrote into `config.yaml` may be secret. */
export async function writeLedger(path: string, content: Ledger): Promise<void> {
  await writeFileAtomic(path, formatLedger(content), { mode: 0o600 });
}

function formatLedger(content: Ledger): string {
  return `${JSON.stringify(content, replace, 2)}\n`;
}

/** Every plugin that something may be there of. Of one that a run was changing, each state. */
export function contributors({ plugins, pending }: Ledger): readonly Contributor[] {
  return [...plugins, ...pending.flat()];
}

/** JSON has no whole numbers beyond 2^53; YAML does. */
const WHOLE = "whole number";

function replace(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? { [WHOLE]: String(value) } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(WHOLE in value)) return value;
  return Object.keys(value).length === 1 ? BigInt(String(value[WHOLE])) : value;
}
