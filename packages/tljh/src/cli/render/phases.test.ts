import type { CondaEvent } from "@tljh/conda";
import { expect, it } from "vitest";
import { PhaseLines } from "./phases.ts";

/** The lines once these events have come, each at its time in milliseconds. */
function lines(events: readonly (readonly [number, CondaEvent])[], now: number) {
  const phases = new PhaseLines();
  for (const [at, event] of events) phases.take(event, at);
  return phases.lines(now).map((line) => line.replaceAll(/ {2,}/g, "  "));
}

const began = (phase: "download" | "link" | "repodata") =>
  [0, { type: "phase.start", phase }] as const;
const download = { type: "phase.progress", phase: "download", done: 3, total: 9 } as const;

it("says of a download how much is there, how fast it comes, and how long it will take", () => {
  const half = { ...download, bytes: 20e6, totalBytes: 50e6 };
  expect(lines([began("download"), [2000, half]], 2000)).toEqual([
    "downloading  20.0 of 50.0 MB, 3 of 9 packages, 10.0 MB/s, 3.0 s left",
  ]);
});

it("promises nothing before it can know", () => {
  const first = { ...download, bytes: 1e6, totalBytes: 50e6 };
  expect(lines([began("download"), [100, first]], 100)).toEqual([
    "downloading  1.0 of 50.0 MB, 3 of 9 packages",
  ]);
  const answers = { ...download, phase: "repodata", done: 3, total: 9 } as const;
  expect(lines([began("repodata"), [2000, answers]], 2000)).toEqual([
    "reading the channels  3 of 9 answers",
  ]);
});

it("counts packages where bytes are not what takes the time", () => {
  const link = { ...download, phase: "link", done: 10, total: 300 } as const;
  expect(lines([began("link"), [10_000, link]], 10_000)).toEqual([
    "putting files in place  10 of 300 packages, 5 min left",
  ]);
});

it("keeps a phase that is done, with what it was and took, until the next step", () => {
  const all = { ...download, done: 9, bytes: 50e6, totalBytes: 50e6 };
  const done = { type: "phase.done", phase: "download", milliseconds: 4100 } as const;
  const events = [began("download"), [4000, all], [4100, done], began("link")] as const;
  expect(lines(events, 5000)).toEqual([
    "downloading  50.0 MB, 9 packages, in 4.1 s",
    "putting files in place",
  ]);
  const phases = new PhaseLines();
  phases.take(done, 0);
  phases.clear();
  expect(phases.lines(0)).toEqual([]);
});
