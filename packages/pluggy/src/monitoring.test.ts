import { describe, expect, it } from "vitest";
import { createManager, greeting, hookimpl, untyped } from "./fixtures.ts";
import type { Outcome } from "./outcome.ts";

/** A manager with one plugin, and monitors that write into `seen`. */
function monitored(greet = hookimpl<"greet">(({ name }) => name)) {
  const manager = createManager();
  manager.register({ greet }, "a");
  const seen: unknown[] = [];
  const undo = manager.addHookcallMonitoring(
    (hook, implementations, args) =>
      seen.push(["before", hook, implementations.map((one) => one.plugin), args]),
    (outcome, hook, implementations, args) =>
      seen.push(["after", hook, implementations.map((one) => one.plugin), args, outcome]),
  );
  /** What the outcomes say: the result, or the exception. */
  const outcomes = () =>
    seen.flatMap((one) => {
      const outcome = (one as unknown[])[4] as Outcome<unknown> | undefined;
      return outcome ? [outcome.failed ? outcome.exception : outcome.getResult()] : [];
    });
  return { manager, seen, undo, outcomes };
}

describe("monitoring", () => {
  it("is told hook, implementations and arguments before a call, and the outcome after it", () => {
    const { manager, seen, outcomes } = monitored();
    manager.hook.greet(greeting);
    expect(seen).toEqual([
      ["before", "greet", ["a"], greeting],
      ["after", "greet", ["a"], greeting, expect.anything()],
    ]);
    expect(outcomes()).toEqual([["ada"]]);
  });

  it("stands around the implementations", () => {
    const manager = createManager();
    const order: string[] = [];
    manager.register({ ping: hookimpl<"ping">(() => void order.push("ping")) }, "a");
    manager.addHookcallMonitoring(
      () => order.push("before"),
      () => order.push("after"),
    );
    manager.hook.ping({});
    expect(order).toEqual(["before", "ping", "after"]);
  });

  it("is told of a failure as the caller is", () => {
    const { manager, outcomes } = monitored(hookimpl<"greet">(untyped("() => { throw 'no'; }")));
    expect(() => manager.hook.greet(greeting)).toThrow();
    expect(outcomes()).toMatchObject([{ code: "PLUGGY_HOOK_FAILED", plugin: "a", cause: "no" }]);
  });

  it("is not told of a call with wrong arguments, for nothing was called", () => {
    const { manager, seen } = monitored();
    expect(() => manager.hook.greet({} as never)).toThrow();
    expect(seen).toEqual([]);
  });

  it("sees every way of calling a hook", async () => {
    const { manager, outcomes } = monitored();
    const { greet } = manager.hook;
    greet.byPlugin(greeting);
    await greet.async(greeting);
    await greet.byPluginAsync(greeting);
    await greet.allSettled(greeting);
    greet.callExtra([], greeting);
    await greet.callExtraAsync([], greeting);
    manager.subsetHookCaller("greet", ["a"])(greeting);
    const byPlugin = [{ plugin: "a", value: "ada" }];
    expect(outcomes()).toEqual([
      byPlugin,
      ["ada"],
      byPlugin,
      [{ plugin: "a", status: "fulfilled", value: "ada" }],
      ["ada"],
      ["ada"],
      [],
    ]);
  });

  it("sees historic calls, and those that reach a plugin later", () => {
    const { manager, outcomes, seen } = monitored();
    manager.hook.configure.callHistoric({ name: "x" });
    manager.register({ configure: hookimpl<"configure">(() => "late") }, "late");
    expect(outcomes()).toEqual([[], ["late"]]);
    expect(seen[2]).toEqual(["before", "configure", ["late"], { name: "x" }]);
  });

  it("of an asynchronous call ends when the call does", async () => {
    const { manager, seen, outcomes } = monitored(hookimpl<"greet">(async () => "late"));
    const running = manager.hook.greet.async(greeting);
    await Promise.resolve();
    expect(seen).toHaveLength(1);
    await running;
    expect(outcomes()).toEqual([["late"]]);
  });

  it("is told of a rejection", async () => {
    const { manager, outcomes } = monitored(hookimpl<"greet">(async () => Promise.reject("no")));
    await expect(manager.hook.greet.async(greeting)).rejects.toThrow();
    expect(outcomes()).toMatchObject([{ plugin: "a", cause: "no" }]);
  });

  it("may put another result in the place of the call's", () => {
    const { manager } = monitored();
    manager.addHookcallMonitoring(
      () => {},
      (outcome) => outcome.forceResult(["forced"]),
    );
    expect(manager.hook.greet(greeting)).toEqual(["forced"]);
  });

  it("added last stands around that added first", () => {
    const manager = createManager();
    const order: string[] = [];
    for (const name of ["1", "2"]) {
      manager.addHookcallMonitoring(
        () => order.push(`before ${name}`),
        () => order.push(`after ${name}`),
      );
    }
    manager.hook.ping({});
    expect(order).toEqual(["before 2", "before 1", "after 1", "after 2"]);
  });

  it("ends when it is undone, whatever was added since", () => {
    const { manager, seen, undo } = monitored();
    const others: string[] = [];
    manager.addHookcallMonitoring(
      (hook) => others.push(hook),
      () => {},
    );
    undo();
    undo();
    manager.hook.greet(greeting);
    expect(seen).toEqual([]);
    expect(others).toEqual(["greet"]);
  });

  it("of one manager is not told of another's calls", () => {
    const { seen } = monitored();
    createManager().hook.ping({});
    expect(seen).toEqual([]);
  });
});

describe("tracing", () => {
  function traced() {
    const manager = createManager();
    const lines: string[] = [];
    const undo = manager.enableTracing((line) => lines.push(line));
    return { manager, lines, undo };
  }

  it("writes hook, arguments and result", () => {
    const { manager, lines } = traced();
    manager.register({ greet: hookimpl<"greet">(() => "hi") }, "a");
    manager.hook.greet(greeting);
    expect(lines).toEqual([
      "  greet [hook]",
      '      name: "ada"',
      "      loud: false",
      '  finish greet --> ["hi"] [hook]',
    ]);
  });

  it("indents what a plugin calls", () => {
    const { manager, lines } = traced();
    manager.register({ ping: hookimpl<"ping">(() => void manager.hook.first({ name: "x" })) }, "a");
    manager.hook.ping({});
    expect(lines).toEqual([
      "  ping [hook]",
      "    first [hook]",
      '        name: "x"',
      "    finish first --> undefined [hook]",
      "  finish ping --> [] [hook]",
    ]);
  });

  it("writes a failure, and is at the margin again afterwards", () => {
    const { manager, lines } = traced();
    manager.register({ ping: hookimpl<"ping">(untyped("() => { throw 'no'; }")) }, "a");
    expect(() => manager.hook.ping({})).toThrow();
    expect(lines[1]).toBe("  fail ping --> PluggyError: Plugin a failed in ping: no [hook]");
    manager.unregister("a");
    manager.hook.ping({});
    expect(lines[2]).toBe("  ping [hook]");
  });

  it("writes values that have no JSON", () => {
    const { manager, lines } = traced();
    const name = {
      toJSON: () => {
        throw new Error("no");
      },
    };
    manager.hook.first({ name: name as never });
    expect(lines[1]).toBe("      name: [object Object]");
  });

  it("ends when it is undone", () => {
    const { manager, lines, undo } = traced();
    undo();
    manager.hook.ping({});
    expect(lines).toEqual([]);
  });
});
