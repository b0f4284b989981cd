import { appendFileSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { pluginFolder, pluginsOf, type Sandbox, sandbox, writeTree } from "./fixtures.ts";
import { type LoadOptions, loadPlugins } from "./load.ts";

/** Plugins that note each call of their health checks in one file, and then do something. */
async function loadAll(
  box: Sandbox,
  bodies: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
) {
  const file = join(box.folder, "calls");
  appendFileSync(file, "");
  const sources = Object.entries(bodies).map(([name, body]) => [
    name,
    pluginFolder(
      name,
      `import { appendFileSync } from "node:fs";
      import { hookimpl } from "tljh/hooks";
      export const tljh_health_checks = hookimpl(async () => {
        appendFileSync(${JSON.stringify(file)}, "${name} ");
        ${body}
        return [];
      });`,
    ),
  ]);
  await writeTree(box.folder, pluginsOf(Object.fromEntries(sources)));
  const loaded = await loadPlugins({ paths: box.paths, ...options });
  expect(loaded.failures).toEqual([]);
  const askAll = () => loaded.manager.hook.tljh_health_checks.allSettled({}, { atOnce: true });
  const calls = () => readFileSync(file, "utf8").trim().split(" ");
  return { ...loaded, askAll, calls, [Symbol.asyncDispose]: loaded.close };
}

const DIES = "process.reallyExit(3);";
const HANGS = "await new Promise(() => {});";

describe("plugins that are asked together", () => {
  it("are called in order, one after the other", async () => {
    await using box = await sandbox();
    const yields = "await new Promise(setImmediate);";
    const note = `appendFileSync(${JSON.stringify(join(box.folder, "calls"))}, "end ");`;
    const body = `${yields} ${note}`;
    await using loaded = await loadAll(box, { c: body, b: body, a: body });
    const ends = await loaded.askAll();
    expect(ends.map(({ plugin, status }) => `${plugin} ${status}`)).toEqual(
      loaded.manager.hook.tljh_health_checks.plugins().map((name) => `${name} fulfilled`),
    );
    const order = loaded.manager.hook.tljh_health_checks.plugins();
    expect(loaded.calls()).toEqual(order.flatMap((name) => [name, "end"]));
  });

  it.each([
    ["ends the process", DIES, "PLUGIN_ENDED_HOST", "with exit code 3"],
    ["crashes it", `process.kill(process.pid, "SIGSEGV");`, "PLUGIN_ENDED_HOST", "SIGSEGV"],
    ["waits for nothing", HANGS, "PLUGIN_HUNG", "stopped after 1 s"],
    ["never comes back", "for (;;);", "PLUGIN_HUNG", "stopped after 1 s"],
    ["throws", "throw new Error('no');", "PLUGGY_HOOK_FAILED", "no"],
  ])("answer, each once, though one of them %s", async (_title, body, code, message) => {
    await using box = await sandbox();
    const timeouts = { tljh_health_checks: 1 };
    await using loaded = await loadAll(
      box,
      { a: "", b: "", bad: body, c: "", d: "" },
      { timeouts },
    );
    const ends = await loaded.askAll();
    const failed = ends.filter(({ status }) => status === "rejected");
    expect(failed).toMatchObject([
      { plugin: "bad", error: { code, message: expect.stringContaining(message), plugin: "bad" } },
    ]);
    expect(loaded.calls()).toEqual(ends.map(({ plugin }) => plugin));
  });

  it("answer, each once, whichever of them fail", async () => {
    await using box = await sandbox();
    const bodies = { a: DIES, b: "", c: "", d: DIES, e: DIES, f: "", g: HANGS, h: "" };
    await using loaded = await loadAll(box, bodies, { timeouts: { tljh_health_checks: 1 } });
    const ends = await loaded.askAll();
    const failed = ends.filter(({ status }) => status === "rejected").map(({ plugin }) => plugin);
    expect(failed.sort()).toEqual(["a", "d", "e", "g"]);
    expect(loaded.calls()).toEqual(ends.map(({ plugin }) => plugin));
  });

  it("answer, however large their answers are, before the next one is called", async () => {
    await using box = await sandbox();
    const large = "return Array.from({ length: 3 }, () => 'x'.repeat(1_000_000));";
    await using loaded = await loadAll(box, { b: large, a: DIES });
    const ends = await loaded.askAll();
    expect(ends.find(({ plugin }) => plugin === "b")).toMatchObject({ status: "fulfilled" });
    expect(loaded.calls().sort()).toEqual(["a", "b"]);
  });

  it("have the time of the hook each, from when their own turn comes", async () => {
    await using box = await sandbox();
    const body = "await new Promise((resolve) => setTimeout(resolve, 900));";
    const timeouts = { tljh_health_checks: 2.5 };
    await using loaded = await loadAll(box, { a: body, b: body, c: body }, { timeouts });
    const ends = await loaded.askAll();
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  });

  it("are all refused when whoever asked gives up", async () => {
    await using box = await sandbox();
    await using loaded = await loadAll(box, { b: HANGS, a: HANGS });
    const asking = loaded.askAll();
    await vi.waitFor(() => expect(loaded.calls()).not.toEqual([""]), 10_000);
    await loaded.close();
    expect(await asking).toMatchObject([
      { status: "rejected", error: { code: "PLUGIN_HOST_CLOSED" } },
      { status: "rejected", error: { code: "PLUGIN_HOST_CLOSED" } },
    ]);
    expect(loaded.calls()).toHaveLength(1);
  });

  it("are loaded, though one ends the process meanwhile", async () => {
    await using box = await sandbox();
    const good = `import { hookimpl } from "tljh/hooks";
      export const tljh_extra_apt_packages = hookimpl(() => [import.meta.filename.split("/").at(-2)]);`;
    const folders = ["a", "b", "bad", "c"].map((name) => [
      name,
      pluginFolder(name, name === "bad" ? DIES : good),
    ]);
    await writeTree(box.folder, pluginsOf(Object.fromEntries(folders)));
    const loaded = await loadPlugins({ paths: box.paths });
    expect(loaded.failures).toMatchObject([
      { name: "bad", error: { code: "PLUGIN_ENDED_HOST", plugin: "bad" } },
    ]);
    expect(loaded.list.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(await loaded.manager.hook.tljh_extra_apt_packages.async({})).toEqual([
      ["c"],
      ["b"],
      ["a"],
    ]);
    await loaded.close();
  });
});

describe("the plugins' process", () => {
  it("dies with the program, though a plugin keeps it from noticing", async () => {
    await using box = await sandbox();
    const pid = join(box.folder, "pid");
    const busy = `import { writeFileSync } from "node:fs";
      writeFileSync(${JSON.stringify(pid)}, String(process.pid)); for (;;);`;
    await writeTree(box.folder, pluginsOf({ busy: pluginFolder("busy", busy) }));
    const program = join(box.folder, "program.ts");
    const load = JSON.stringify(new URL("./load.ts", import.meta.url).href);
    const paths = JSON.stringify(box.paths);
    await writeFile(
      program,
      `import { loadPlugins } from ${load}; await loadPlugins({ paths: ${paths} });`,
    );
    const running = execa(process.execPath, [program], { reject: false });
    const host = await vi.waitFor(async () => {
      const written = Number(await readFile(pid, "utf8"));
      expect(written).toBeGreaterThan(1);
      return written;
    }, 20_000);
    running.kill("SIGKILL");
    await running;
    await vi.waitFor(async () => {
      const state = await readFile(`/proc/${host}/stat`, "utf8").catch(() => "gone");
      expect(state).toMatch(/gone|\) Z /);
    }, 10_000);
  });
});
