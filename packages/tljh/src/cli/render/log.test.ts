import { expect, it } from "vitest";
import { notRoot } from "../../errors/install.ts";
import type { TljhEvent } from "../../events.ts";
import { logLines } from "./log.ts";

const step = { step: "groups", title: "Groups" };
const done = { ...step, type: "step.done", milliseconds: 12.4 } as const;
const conda = (event: Extract<TljhEvent, { type: "conda" }>["event"]): TljhEvent => ({
  type: "conda",
  environment: "hub",
  event,
});

it.each<[TljhEvent, readonly string[]]>([
  [{ ...step, type: "step.start", index: 0, count: 20 }, ["[1/20] Groups"]],
  [{ ...done, changed: true, summary: "a, b" }, ["Groups: changed (a, b), 12 ms"]],
  [{ ...done, changed: false, summary: "" }, ["Groups: as wanted, 12 ms"]],
  [{ type: "output", command: "apt-get", line: "Reading lists" }, ["apt-get: Reading lists"]],
  [{ type: "warning", code: "X_Y", message: "look out" }, ["warning X_Y: look out"]],
  [{ type: "step.progress", step: "x", message: "half way" }, ["half way"]],
  [
    conda({ type: "phase.done", phase: "link", milliseconds: 5 }),
    ["hub environment: link done in 5 ms"],
  ],
  [
    conda({ type: "retry", url: "u", attempt: 2, reason: "r" }),
    ["hub environment: retry 2 of u: r"],
  ],
  [
    conda({ type: "clobber", path: "bin/x", packages: ["a", "b"] }),
    ["hub environment: bin/x is in a and b"],
  ],
  [conda({ type: "warning", code: "C_W", message: "old" }), ["hub environment: warning C_W: old"]],
  [conda({ type: "phase.progress", phase: "link", done: 1, total: 2 }), []],
])("the log of %j", (event, lines) => expect(logLines(event)).toEqual(lines));

it("holds an error's code and what to do, and where a defect happened", () => {
  const failed = (error: unknown) => logLines({ ...step, type: "step.failed", error });
  expect(failed(notRoot("tljh install", 7))).toEqual([
    "error INSTALL_NOT_ROOT: tljh install needs root privileges, and was started by the user with the id 7",
    "what to do: Run the same command with sudo in front of it, as in: sudo tljh install",
  ]);
  expect(failed(new Error("oops")).join("\n")).toMatch(/Error: oops\n\s+at .*log\.test\.ts/);
  expect(failed("only text")).toEqual(["only text"]);
});
