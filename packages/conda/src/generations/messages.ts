import { CondaError } from "../errors.ts";
import type { CondaEvent } from "../events.ts";
import type { Generation, PackageChange } from "./generation.ts";

// Every message about generations.

/** Somebody used conda, pip or an editor in the environment itself. Nothing of it is lost. */
export const changedByHand = (prefix: string, generation: Generation): CondaEvent => ({
  type: "warning",
  code: "CONDA_CHANGED_BY_HAND",
  message: `${prefix} was changed by hand since its last generation: ${handMadeText(generation)}. It is kept, as generation ${generation.number}`,
});

export const generationMissing = (prefix: string, number: number, last: number): CondaError =>
  new CondaError("CONDA_GENERATION_MISSING", {
    message: `${prefix} has no generation ${number}: the last one is ${last}`,
    remedy: "List the generations and name one of them.",
  });

/** Its files were removed because newer ones are kept, or were changed in place by hand. */
export const generationGone = (prefix: string, number: number): CondaError =>
  new CondaError("CONDA_GENERATION_GONE", {
    message: `The files of generation ${number} of ${prefix} are not kept any more`,
    remedy: "List the generations and name one that is kept.",
  });

export const nothingToGoBackTo = (prefix: string): CondaError =>
  new CondaError("CONDA_NO_WAY_BACK", {
    message: `No earlier generation of ${prefix} is kept, so there is none to go back to`,
    remedy: "One is kept by each change from now on.",
  });

export const generationIsLive = (prefix: string, number: number): CondaError =>
  new CondaError("CONDA_GENERATION_LIVE", {
    message: `Generation ${number} of ${prefix} is the one in use`,
    remedy: "Name an earlier one to go back to.",
  });

/** The exchange was made, and what comes after it could not be written: the next change does that. */
export const finishLater = (prefix: string, cause: unknown): CondaEvent => ({
  type: "warning",
  code: "CONDA_FINISHED_LATER",
  message: `The new environment is in use at ${prefix}, but the one before could not be put aside yet: ${cause instanceof Error ? cause.message : String(cause)}`,
});

const MOST_NAMED = 4;

function handMadeText({ changes, files }: Generation): string {
  const packages = changes.slice(0, MOST_NAMED).map(changeText);
  const more = changes.length - packages.length;
  const parts = [
    ...packages,
    ...(more > 0 ? [`${more} more packages`] : []),
    ...(files === undefined ? [] : [`${files.count} files (${files.some.join(", ")})`]),
  ];
  return parts.join(", ");
}

/** `numpy 1.26.4 → 2.0.0`, `+ tqdm 4.66 (pip)`, `- iris 3.1`. */
export function changeText({ manager, name, from, to }: PackageChange): string {
  const suffix = manager === "pip" ? " (pip)" : "";
  if (from === undefined) return `+ ${name} ${version(to)}${suffix}`;
  if (to === undefined) return `- ${name} ${version(from)}${suffix}`;
  const isBuild = version(from) === version(to);
  return `${name} ${isBuild ? from : version(from)} → ${isBuild ? to : version(to)}${suffix}`;
}

function version(text = ""): string {
  return text.split(" ")[0] ?? "";
}
