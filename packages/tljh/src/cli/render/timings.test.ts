import { expect, it } from "vitest";
import { Timings } from "./timings.ts";

const done = (environment: "hub" | "user", phase: "link" | "check", milliseconds: number) =>
  ({ type: "conda", environment, event: { type: "phase.done", phase, milliseconds } }) as const;

it("adds up what each phase of an environment took", () => {
  const timings = new Timings();
  timings.sink(done("user", "link", 1000));
  timings.sink(done("user", "check", 250));
  timings.sink(done("user", "link", 500));
  timings.sink(done("hub", "link", 20));
  timings.sink({ type: "warning", code: "X", message: "look out" });
  expect(timings.text()).toBe(
    [
      "Where the time went (phases overlap):",
      "  user environment: link 1.50 s, check 0.25 s",
      "  hub environment: link 20 ms",
      "",
    ].join("\n"),
  );
});

it("says nothing where nothing was done", () => {
  expect(new Timings().text()).toBe("");
});
