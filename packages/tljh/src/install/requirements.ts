import { requirementsUnreachable } from "../errors/install.ts";
import { fingerprint } from "./fingerprint.ts";
import type { PipEntry } from "./pip.ts";

/**
 * The requirements file given by `--user-requirements-txt-url`, as one pip entry. Read each time,
 * so that a changed file is noticed; pip itself fetches and interprets it. An address that no longer
 * answers is an error only where its file has not been installed yet.
 */
export async function requirementsEntries(
  url: string | null,
  record: Readonly<Record<string, string>>,
): Promise<readonly PipEntry[]> {
  if (url === null) return [];
  const value = `--requirement=${url}`;
  const installed = record[value];
  try {
    const text = await readRequirements(url);
    return [{ value, because: "--user-requirements-txt-url", fingerprint: fingerprint(text) }];
  } catch (error) {
    if (installed === undefined) throw requirementsUnreachable(url, error);
    return [{ value, because: "--user-requirements-txt-url", fingerprint: installed }];
  }
}

async function readRequirements(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`);
  return await answer.text();
}
