import { styleText } from "node:util";
import { changeText, type Garbage, type ListedGeneration, type PackageChange } from "@tljh/conda";
import { changeLine } from "../render/changes.ts";

const MOST_NAMED = 4;

/** The generations of an environment as a table, the latest first; what is in use has a star. */
export function historyText(generations: readonly ListedGeneration[]): string {
  const rows = generations
    .toReversed()
    .map((generation) => [
      generation.state === "live" ? "*" : " ",
      String(generation.number),
      localTime(generation.at),
      authorText(generation),
      stateText(generation),
      whyText(generation),
      summaryText(generation),
    ]);
  const heads = ["", "no.", "when", "who", "files", "why", "what changed"];
  return `${aligned([heads, ...rows]).join("\n")}\n`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, place) =>
    Math.max(...rows.map((row) => row[place]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function authorText({ by, kind }: ListedGeneration): string {
  if (by === undefined) return kind === "by-hand" ? "by hand" : "";
  return by.name ?? `user ${by.uid}`;
}

function stateText({ state }: ListedGeneration): string {
  return state === "live" ? "in use" : state;
}

function whyText({ kind, command, rolledBackTo, unrecorded }: ListedGeneration): string {
  const back = rolledBackTo === undefined ? "" : `back to ${rolledBackTo}`;
  const since = unrecorded === true ? "since then" : "";
  const found = kind === "found" ? "found here" : "";
  return [command, back, found, since].filter(Boolean).join(", ");
}

/** A few changes by name; many as numbers. */
function summaryText({ changes, files }: ListedGeneration): string {
  const packages = changes.length <= MOST_NAMED ? changes.map(changeText) : [countText(changes)];
  const other = files === undefined ? [] : [`${files.count} files (${files.some.join(", ")})`];
  return [...packages, ...other].join(", ");
}

function countText(changes: readonly PackageChange[]): string {
  const added = changes.filter(({ from }) => from === undefined).length;
  const removed = changes.filter(({ to }) => to === undefined).length;
  const changed = changes.length - added - removed;
  const parts = [
    added > 0 ? `${added} added` : "",
    changed > 0 ? `${changed} changed` : "",
    removed > 0 ? `${removed} removed` : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/** What is still to be done for a changed environment to be in use everywhere. */
export function nextStep(name: string): string {
  return name === "hub"
    ? "JupyterHub uses it after: sudo systemctl restart jupyterhub"
    : "Running servers use it when they are restarted.";
}

/** One package a line. */
export function diffText(changes: readonly PackageChange[]): string {
  if (changes.length === 0) return "The same packages.\n";
  return `${changes.map(changeLine).join("\n")}\n`;
}

const kinds: Readonly<Record<Garbage["items"][number]["kind"], string>> = {
  generation: "earlier generation",
  failed: "environment that did not pass its check",
  leftover: "left by a run that was killed",
  package: "package that no environment holds",
  download: "download",
};

export function garbageText({ items, bytes }: Garbage, dryRun: boolean): string {
  if (items.length === 0) return "Nothing to remove: all that is there is needed.\n";
  const lines = items.map(({ kind, path, number }) => {
    return `${path}  ${styleText("dim", `(${kinds[kind]}${number === undefined ? "" : ` ${number}`})`)}`;
  });
  const verb = dryRun ? "Would free" : "Freed";
  return `${lines.join("\n")}\n${verb} ${sizeText(bytes)}.\n`;
}

function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

/** `2026-11-25 16:05`, in the server's time. */
function localTime(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
