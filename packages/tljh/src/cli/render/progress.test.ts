import { describe, expect, it } from "vitest";
import type { TljhEvent } from "../../events.ts";
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

  it.each([
    [conda({ type: "phase.start", phase: "solve" }), "choosing versions"],
    [
      conda({
        type: "phase.progress",
        phase: "download",
        done: 1,
        total: 9,
        bytes: 2e6,
        totalBytes: 5e6,
      }),
      "downloading 2.0 of 5.0 MB",
    ],
    [
      conda({ type: "phase.progress", phase: "link", done: 10, total: 300 }),
      "putting files in place 10 of 300",
    ],
    [
      conda({ type: "retry", url: "u", attempt: 1, reason: "no answer" }),
      "trying again: no answer",
    ],
  ])("says how far an environment is", (event, text) => expect(detail(event)).toBe(text));
});
