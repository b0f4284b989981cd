import { expect, test } from "vitest";
import type { TljhEvent } from "../events.ts";
import { noPins } from "../plugins/index.ts";
import { serverPaths } from "../system/paths.ts";
import { apply, summarise } from "./apply.ts";
import { plan } from "./plan.ts";
import { type AnyResource, resource, type ServerContext } from "./resource.ts";

/** A resource over a map that stands for the machine. */
function setting(machine: Map<string, string>, key: string, wanted: string): AnyResource {
  return resource<string | undefined>({
    id: key,
    title: key,
    read: async () => machine.get(key),
    compare: (found) => (found === wanted ? [] : [{ action: "change", what: `${key}=${wanted}` }]),
    async change(found) {
      machine.set(key, wanted);
      return async () => void (found === undefined ? machine.delete(key) : machine.set(key, found));
    },
  });
}

function failing(id: string): AnyResource {
  return resource({
    id,
    title: id,
    read: () => Promise.reject(new Error("nothing to read yet")),
    compare: () => [],
    change: async () => {},
  });
}

function context(events: TljhEvent[] = []): ServerContext {
  return {
    paths: serverPaths("/does/not/exist"),
    wanted: { version: 1, channels: [], plugins: [], userRequirementsTxtUrl: null },
    admins: [],
    pins: noPins,
    release: "/does/not/exist",
    cacheDir: "/does/not/exist/pkgs",
    emit: (event) => void events.push(event),
    dryRun: false,
    skipFailing: false,
    plugins: () => Promise.reject(new Error("no plugins here")),
    forgetPlugins: async () => {},
    contributions: () => Promise.reject(new Error("no plugins here")),
  };
}

test("apply changes what differs, in order, and a second one finds nothing to do", async () => {
  const machine = new Map([["b", "2"]]);
  const resources = [setting(machine, "a", "1"), setting(machine, "b", "2")];
  expect((await apply(resources, context())).changed).toEqual(["a"]);
  expect((await apply(resources, context())).changed).toEqual([]);
});

test("a plan names the differences and changes nothing", async () => {
  const machine = new Map<string, string>();
  const [step] = await plan([setting(machine, "a", "1")], context());
  expect(step?.differences).toEqual([{ action: "change", what: "a=1" }]);
  expect(machine.size).toBe(0);
});

test("what depends on a missing step is said to be unknown", async () => {
  const steps = await plan([setting(new Map(), "a", "1"), failing("b")], context());
  expect(steps[1]?.unknown).toMatch(/once the steps before/);
});

test("a plan fails where nothing before explains it", async () => {
  await expect(plan([failing("b")], context())).rejects.toThrow("nothing to read yet");
});

test("apply stops at the first step that fails, and says which", async () => {
  const machine = new Map<string, string>();
  const events: TljhEvent[] = [];
  const resources = [failing("a"), setting(machine, "b", "1")];
  await expect(apply(resources, context(events))).rejects.toThrow("nothing to read yet");
  expect(machine.size).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: "step.failed", step: "a" });
});

test("what was changed before a failure is taken back, last change first", async () => {
  const machine = new Map([["a", "0"]]);
  const resources = [setting(machine, "a", "1"), setting(machine, "a", "2"), failing("b")];
  await expect(apply(resources, context())).rejects.toThrow("nothing to read yet");
  expect([...machine]).toEqual([["a", "0"]]);
});

test("what must wait until everything is back is done then", async () => {
  const done: string[] = [];
  const noting = (id: string, later: boolean) =>
    resource({
      id,
      title: id,
      read: async () => null,
      compare: () => [{ action: "add", what: id }],
      change: async () => async (wait: (action: () => Promise<void>) => void) => {
        if (later) wait(async () => void done.push(`${id} at last`));
        else done.push(id);
      },
    });
  const resources = [noting("files", false), noting("services", true), failing("b")];
  await expect(apply(resources, context())).rejects.toThrow("nothing to read yet");
  expect(done).toEqual(["files", "services at last"]);
});

test("a change that cannot be taken back is told, and does not hide the failure", async () => {
  const events: TljhEvent[] = [];
  const stubborn = resource({
    id: "s",
    title: "s",
    read: async () => null,
    compare: () => [{ action: "add", what: "s" }],
    change: async () => () => Promise.reject(new Error("it is stuck")),
  });
  await expect(apply([stubborn, failing("b")], context(events))).rejects.toThrow("nothing to read");
  expect(events.at(-1)).toMatchObject({
    code: "INSTALL_UNDO_FAILED",
    message: expect.stringContaining("it is stuck"),
  });
});

test("a summary names three differences and counts the rest", () => {
  const differences = ["a", "b", "c", "d"].map((what) => ({ action: "add" as const, what }));
  expect(summarise(differences)).toBe("a, b, c and 1 more");
});

test("a summary of many differences names what was asked for", () => {
  const many = Array.from({ length: 9 }, (_, n) => ({ action: "add" as const, what: `p${n}` }));
  expect(summarise(many)).toBe("9 changes");
  expect(summarise([...many, { action: "add", what: "xarray 1", because: "simple" }])).toBe(
    "xarray 1 and 9 more",
  );
});
