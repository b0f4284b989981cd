import { changeNeeds } from "../install/preflight.ts";
import type { Check, Finding } from "./check.ts";
import { ok } from "./check.ts";
import type { Disk } from "./machine.ts";

/** Bytes without which nobody can work. */
const LEAST = 100_000_000;

/** There is room for environments, homes, logs and temporary files. */
export const disk: Check = {
  id: "disk",
  title: "Disk",
  async look({ paths, machine }) {
    const seen = new Set<number>();
    const findings: Finding[] = [];
    for (const path of [paths.prefix, "/home", "/var", "/tmp"]) {
      const found = await machine.disk(path).catch(() => null);
      if (found === null || seen.has(found.device)) continue;
      seen.add(found.device);
      findings.push(lookAtDisk(path, found, path === paths.prefix ? changeNeeds : LEAST));
    }
    return findings;
  },
};

function lookAtDisk(path: string, { free, size, freeFiles, files }: Disk, needed: number): Finding {
  const room = `${bytes(free)} of ${bytes(size)} are free at ${path}`;
  const remedy = `See what takes the room: sudo du -xh --max-depth=2 ${path} | sort -h | tail`;
  if (free < needed)
    return { status: "error", message: `${room}, and ${bytes(needed)} are needed`, remedy };
  if (files > 0 && freeFiles < files / 100)
    return {
      status: "warning",
      message: `Hardly any file can be made at ${path}: ${freeFiles} of ${files} are left`,
      remedy: `See where the many files are: sudo du -x --inodes --max-depth=2 ${path} | sort -n | tail`,
    };
  if (free < 2 * needed || free < Math.min(size / 20, 10e9))
    return { status: "warning", message: `Only ${room}`, remedy };
  return ok(room);
}

function bytes(count: number): string {
  return count < 1e9 ? `${Math.round(count / 1e6)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}
