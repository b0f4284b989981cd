import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { TljhEvent } from "../../events.ts";
import { changeLines } from "./changes.ts";
import { progressSink } from "./progress.ts";

const start: TljhEvent = {
  type: "step.start",
  step: "user",
  title: "User environment",
  index: 1,
  count: 20,
};
const done = (changed: boolean, summary = ""): TljhEvent => ({
  type: "step.done",
  step: "user",
  title: "User environment",
  changed,
  milliseconds: 3210,
  summary,
});
const failed: TljhEvent = { type: "step.failed", step: "user", error: new Error("x") };
const warning: TljhEvent = { type: "warning", code: "X", message: "look out" };
const output = (line: string): TljhEvent => ({ type: "output", command: "pip", line });
const conda = (event: Extract<TljhEvent, { type: "conda" }>["event"]): TljhEvent => ({
  type: "conda",
  environment: "user",
  event,
});

/** What is written on a screen while these events come. */
function shown(events: readonly TljhEvent[], terminal: { columns: number } | null) {
  const texts: string[] = [];
  const screen = { write: (text: string) => texts.push(text) };
  const sink = progressSink(terminal ? { ...screen, isTTY: true, ...terminal } : screen);
  for (const event of events) sink(event);
  return texts;
}

describe("the progress of an installation, not on a terminal,", () => {
  it("is one line for each beginning and end", () => {
    const events = [start, output("a"), warning, done(true, "numpy 2.1"), start, done(false)];
    expect(shown(events, null).join("")).toBe(
      [
        "[2/20] User environment …",
        "    warning: look out",
        "    3.2 s  numpy 2.1",
        "[2/20] User environment …",
        "    as wanted",
        "",
      ].join("\n"),
    );
  });
});

describe("the progress of an installation on a terminal", () => {
  const detail = (event: TljhEvent, columns = 80) =>
    shown([event], { columns }).join("").replace("\r\u001B[K  … : ", "");

  it("redraws one line for the step at work, and leaves one for each that is done", () => {
    const texts = shown([start, done(true, "numpy"), start, done(false), start, failed], {
      columns: 80,
    });
    expect(texts).toEqual([
      "\r\u001B[K  … [2/20] User environment",
      "\r\u001B[K  ✓ User environment  3.2 s  numpy\n",
      "\r\u001B[K  … [2/20] User environment",
      "\r\u001B[K  · User environment  as wanted\n",
      "\r\u001B[K  … [2/20] User environment",
      "\r\u001B[K  ✗ User environment\n",
    ]);
    expect(shown([warning], { columns: 80 })).toEqual(["\r\u001B[K  ! look out\n"]);
  });

  it("keeps to the width of the terminal, and redraws no oftener than can be read", () => {
    expect(detail(output("x".repeat(200)), 20)).toHaveLength(19 - "  … : ".length);
    expect(shown([output("a"), output("b")], { columns: 80 })).toHaveLength(1);
  });

  it("shows what programs say without their colours, tabs and jumps", () => {
    expect(detail(output("\u001B[32mFetching\u001B[0m\tnumpy\r12%"))).toBe("Fetching numpy 12%");
  });

  it("shows a line for each phase of an environment below its step, and draws over all of them", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const texts: string[] = [];
    const sink = progressSink({ isTTY: true, columns: 80, write: (text) => texts.push(text) });
    const events = [
      start,
      conda({ type: "phase.start", phase: "download" }),
      conda({ type: "phase.start", phase: "unpack" }),
      done(true, "numpy"),
    ];
    for (const event of events) {
      sink(event);
      vi.advanceTimersByTime(100);
    }
    expect(texts).toEqual([
      "\r\u001B[K  … [2/20] User environment",
      "\r\u001B[K  … [2/20] User environment\n      downloading",
      "\r\u001B[K\u001B[A\r\u001B[K  … [2/20] User environment\n      downloading\n      unpacking",
      "\r\u001B[K\u001B[A\r\u001B[K\u001B[A\r\u001B[K  ✓ User environment  3.2 s  numpy\n",
    ]);
  });

  it("says that a download is tried again", () => {
    const retry = conda({ type: "retry", url: "u", attempt: 1, reason: "no answer" });
    expect(detail(retry)).toBe("trying again: no answer");
  });
});

describe("what changed in an environment", () => {
  const changes = [
    { manager: "conda", name: "dask", to: "2024.1 0" },
    { manager: "conda", name: "numpy", from: "1.26.4 0", to: "2.0.1 0" },
  ] as const;
  const changed: TljhEvent = {
    type: "environment.changed",
    environment: "user",
    generation: { number: 2, changes },
  };

  it("is told with old and new versions when its step is done", () => {
    const last = shown([start, changed, done(true, "numpy")], { columns: 80 }).slice(-1);
    expect(stripVTControlCharacters(last.join(""))).toMatch(
      /~ numpy 1\.26\.4 .* 2\.0\.1.*\n.*dask/,
    );
    expect(shown([start, changed, done(true)], null).join("")).toMatch(
      /\n {4}~ numpy 1\.26\.4 .* 2\.0\.1/,
    );
  });

  it("is cut where it is much, and what was there before comes first", () => {
    const many = Array.from({ length: 30 }, (_, place) => ({
      manager: "conda" as const,
      name: `p${place}`,
      to: "1 0",
    }));
    const lines = changeLines([...many, changes[1]]).map(stripVTControlCharacters);
    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatch(/^~ numpy/);
    expect(lines.at(-1)).toBe("and 11 more");
  });
});
