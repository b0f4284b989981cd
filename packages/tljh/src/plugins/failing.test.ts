import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { pluginFolder, pluginsOf, type Sandbox, sandbox, writeTree } from "./fixtures.ts";
import { type LoadOptions, loadPlugins } from "./load.ts";

const IMPORT = `import { hookimpl } from "tljh/hooks";\n`;
const GOOD = `${IMPORT}export const tljh_extra_apt_packages = hookimpl(() => ["sl"]);
  export const tljh_post_install = hookimpl(() => {});`;

/** A plugin that does something in `tljh_post_install`, and is well behaved in another hook. */
const doing = (body: string, head = "") => `${IMPORT}${head}
  export const tljh_extra_apt_packages = hookimpl(() => ["figlet"]);
  export const tljh_post_install = hookimpl(async () => { ${body} });`;

/** The plugin `bad` of a source, and the plugin `good` beside it, which is called after it. */
async function withBad(box: Sandbox, bad: string, options: Partial<LoadOptions> = {}) {
  const folders = { good: pluginFolder("good", GOOD), bad: pluginFolder("bad", bad) };
  await writeTree(box.folder, pluginsOf(folders));
  const printed: string[] = [];
  const strays: { plugin: string | null; error: Error }[] = [];
  const loaded = await loadPlugins({
    paths: box.paths,
    onLine: (line) => void printed.push(line),
    onStray: (stray) => void strays.push(stray),
    ...options,
  });
  const postInstall = async () => {
    const ends = await loaded.manager.hook.tljh_post_install.allSettled({});
    expect(ends.map(({ plugin }) => plugin).sort()).toEqual(["bad", "good"]);
    expect(ends.find(({ plugin }) => plugin === "good")).toMatchObject({ status: "fulfilled" });
    const end = ends.find(({ plugin }) => plugin === "bad");
    return end?.status === "rejected" ? end.error : end;
  };
  const others = () => loaded.manager.hook.tljh_extra_apt_packages.async({});
  return { ...loaded, printed, strays, postInstall, others, [Symbol.asyncDispose]: loaded.close };
}

describe("a plugin that fails when it is loaded", () => {
  it.each([
    [
      "ends the process",
      "process.reallyExit(3);",
      "ended its process while it was loaded, with exit code 3",
    ],
    ["crashes it", `process.kill(process.pid, "SIGSEGV");`, "with signal SIGSEGV"],
    [
      "hangs",
      "console.log('loading'); await new Promise(() => {});",
      "hung while it was loaded and was stopped after 2 s; it printed last:\nloading",
    ],
    ["never comes back", "for (;;);", "hung while it was loaded"],
    ["calls process.exit", "process.exit(4);", "it called process.exit(4)"],
  ])("because it %s is named, and the others work", async (_title, source, message) => {
    await using box = await sandbox();
    await using loaded = await withBad(box, source, { loadLimit: 2 });
    expect(loaded.failures).toMatchObject([
      { name: "bad", error: { message: expect.stringContaining(message), plugin: "bad" } },
    ]);
    expect(loaded.failures[0]?.error).toMatchObject({
      code: expect.stringMatching(/^PLUGIN_(ENDED_HOST|HUNG|IMPORT_FAILED)$/),
      message: expect.stringMatching(/^Plugin bad /),
      remedy: expect.stringContaining("plugin"),
    });
    expect(await loaded.others()).toEqual([["sl"]]);
  });
});

describe("a plugin that fails in a hook", () => {
  it.each([
    [
      "ends the process",
      `console.error("no way"); process.reallyExit(3);`,
      "PLUGIN_ENDED_HOST",
      "in tljh_post_install, with exit code 3; it printed last:\nno way",
    ],
    ["aborts it", `process.abort();`, "PLUGIN_ENDED_HOST", "with signal SIGABRT"],
    [
      "calls process.exit",
      `process.exit();`,
      "PLUGGY_HOOK_FAILED",
      "Plugin bad failed in tljh_post_install: it called process.exit()",
    ],
    [
      "throws",
      `throw new TypeError("no disk");`,
      "PLUGGY_HOOK_FAILED",
      "Plugin bad failed in tljh_post_install: TypeError: no disk",
    ],
    [
      "throws in a timer",
      `setTimeout(() => { throw new Error("late"); }); await new Promise(() => {});`,
      "PLUGIN_UNCAUGHT",
      "left an error uncaught in tljh_post_install: Error: late",
    ],
    [
      "forgets a promise",
      `Promise.reject(new Error("lost")); await new Promise(() => {});`,
      "PLUGIN_UNCAUGHT",
      "Error: lost",
    ],
    [
      "returns a map",
      `return new Map();`,
      "PLUGIN_RESULT_UNSERIALISABLE",
      "Plugin bad returned an instance of Map in tljh_post_install",
    ],
    [
      "returns a function",
      `return { a: [() => 1] };`,
      "PLUGIN_RESULT_UNSERIALISABLE",
      "returned a function at a[0]",
    ],
    [
      "returns what holds itself",
      `const a = []; a.push(a); return a;`,
      "PLUGIN_RESULT_UNSERIALISABLE",
      "returned itself at [0]",
    ],
    [
      "returns what has no bottom",
      `const a = []; let b = a; for (let i = 0; i < 9000; i++) b.push(b = []); return a;`,
      "PLUGIN_RESULT_UNSERIALISABLE",
      "more than 200 levels",
    ],
    [
      "returns a million entries",
      `return Array.from({ length: 1e6 }, String);`,
      "PLUGIN_RESULT_TOO_LARGE",
      "100000 values are allowed",
    ],
    [
      "returns ten million characters",
      `return ["x".repeat(1e7)];`,
      "PLUGIN_RESULT_TOO_LARGE",
      "4000000 characters are allowed",
    ],
  ])("because it %s is named with it, and the others work", async (_title, body, code, message) => {
    await using box = await sandbox();
    await using loaded = await withBad(box, doing(body));
    const error = await loaded.postInstall();
    expect(error).toMatchObject({ code, plugin: "bad", hook: "tljh_post_install" });
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
    expect(error).toMatchObject({ remedy: expect.stringMatching(/\.$/) });
    expect(await loaded.others()).toEqual([["sl"], ["figlet"]]);
  });

  it.each([
    ["never comes back", `console.log("begun"); for (;;);`],
    ["waits for nothing", `console.log("begun"); await new Promise(() => {});`],
  ])("because it %s is stopped, and the others work", async (_title, body) => {
    await using box = await sandbox();
    const timeouts = { tljh_post_install: 1 };
    await using loaded = await withBad(box, doing(body), { timeouts });
    expect(await loaded.postInstall()).toMatchObject({
      code: "PLUGIN_HUNG",
      message:
        "Plugin bad hung in tljh_post_install and was stopped after 1 s; it printed last:\nbegun",
      remedy: expect.stringContaining(
        "sudo tljh-config set plugins.hook_timeout.tljh_post_install 2",
      ),
    });
    expect(await loaded.others()).toEqual([["sl"], ["figlet"]]);
  });

  it("takes the programs that it has started with it when it hangs", async () => {
    await using box = await sandbox();
    const file = join(box.folder, "pid");
    const body = `const { pid } = spawn("sleep", ["1000"], { stdio: "inherit" });
      writeFileSync(${JSON.stringify(file)}, String(pid)); await new Promise(() => {});`;
    const head = `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";`;
    const timeouts = { tljh_post_install: 2 };
    await using loaded = await withBad(box, doing(body, head), { timeouts });
    expect(await loaded.postInstall()).toMatchObject({ code: "PLUGIN_HUNG" });
    await vi.waitFor(async () => {
      const state = await readFile(`/proc/${await readFile(file, "utf8")}/stat`, "utf8").catch(
        () => "gone",
      );
      expect(state).toMatch(/gone|\) Z /);
    }, 5_000);
  });

  it("may catch what process.exit throws, and goes on", async () => {
    await using box = await sandbox();
    const body = `try { process.exit(1); } catch (error) { console.log(error.code); }`;
    await using loaded = await withBad(box, doing(body));
    expect(await loaded.postInstall()).toMatchObject({ status: "fulfilled" });
    await loaded.close();
    expect(loaded.printed).toEqual(["PLUGIN_CALLED_EXIT"]);
  });

  it("because it closes every descriptor is named, and the others work", async () => {
    await using box = await sandbox();
    const head = `import { closeSync } from "node:fs";`;
    const body = `for (let fd = 3; fd < 64; fd++) try { closeSync(fd); } catch {}`;
    const timeouts = { tljh_post_install: 5 };
    await using loaded = await withBad(box, doing(body, head), { timeouts });
    expect(await loaded.postInstall()).toMatchObject({
      code: expect.stringMatching(/^PLUGIN_(ENDED_HOST|HUNG)$/),
      plugin: "bad",
    });
    expect(await loaded.others()).toEqual([["sl"], ["figlet"]]);
  });
});

describe("what a plugin in TypeScript prints", () => {
  it("is passed on, and never taken for an answer", async () => {
    await using box = await sandbox();
    const body = `for (let id = 0; id < 9; id++) console.log(JSON.stringify({ id, result: { hooks: [] } }));
      process.stdout.write("one "); process.stdout.write("line\\n"); console.error("two");`;
    await using loaded = await withBad(box, doing(body));
    expect(await loaded.postInstall()).toMatchObject({ status: "fulfilled" });
    await loaded.close();
    expect(loaded.printed).toHaveLength(11);
    expect(loaded.printed).toEqual(expect.arrayContaining(["one line", "two"]));
  });

  it("may be endless, without a line's end, and costs no memory", async () => {
    await using box = await sandbox();
    const body = `for (;;) require("node:fs").writeSync(1, "x".repeat(65536));`;
    const head = `import { createRequire } from "node:module"; const require = createRequire("/");`;
    const timeouts = { tljh_post_install: 1 };
    await using loaded = await withBad(box, doing(body, head), { timeouts });
    const error = await loaded.postInstall();
    expect(error).toMatchObject({ code: "PLUGIN_HUNG" });
    expect((error as Error).message.length).toBeLessThan(4_000);
    const characters = loaded.printed.reduce((sum, line) => sum + line.length, 0);
    expect(characters).toBeLessThan(2_200_000);
  });

  it("cannot keep it waiting for input", async () => {
    await using box = await sandbox();
    const body = `if (readFileSync(0, "utf8") !== "") throw new Error("input");`;
    const head = `import { readFileSync } from "node:fs";`;
    await using loaded = await withBad(box, doing(body, head));
    expect(await loaded.postInstall()).toMatchObject({ status: "fulfilled" });
  });
});

describe("a plugin that fails when nobody calls it", () => {
  it.each([
    [
      "throws in a timer",
      `setTimeout(() => { throw new TypeError("late"); }, 20);`,
      "TypeError: late",
    ],
    [
      "forgets a promise",
      `setTimeout(() => Promise.reject(new Error("lost")), 20);`,
      "Error: lost",
    ],
    ["calls process.exit in a timer", `setTimeout(() => process.exit(0), 20);`, "process.exit(0)"],
  ])("because it %s is told by name, and its process goes on", async (_title, body, message) => {
    await using box = await sandbox();
    const counting = `${doing(body)} let calls = 0;
      export const tljh_extra_user_pip_packages = hookimpl(() => [String(++calls)]);`;
    await using loaded = await withBad(box, counting);
    const calls = () => loaded.manager.hook.tljh_extra_user_pip_packages.async({});
    expect(await calls()).toEqual([["1"]]);
    expect(await loaded.postInstall()).toMatchObject({ status: "fulfilled" });
    await vi.waitFor(async () => {
      await loaded.others();
      expect(loaded.strays).toHaveLength(1);
    }, 5_000);
    expect(loaded.strays).toMatchObject([
      {
        plugin: "bad",
        error: {
          code: "PLUGIN_STRAY_ERROR",
          message: expect.stringContaining(`Plugin bad failed outside of its hooks: `),
        },
      },
    ]);
    expect(loaded.strays[0]?.error.message).toContain(message);
    expect(await calls()).toEqual([["2"]]);
  });
});

describe("the plugins' process", () => {
  const counting = `${GOOD} let calls = 0;
    export const tljh_extra_user_pip_packages = hookimpl(() => [String(++calls)]);`;

  it("ends when it was idle, and comes back with the next call", async () => {
    await using box = await sandbox();
    await using loaded = await withBad(box, counting, { idle: 1 });
    const calls = () => loaded.manager.hook.tljh_extra_user_pip_packages.async({});
    expect(await calls()).toEqual([["1"]]);
    await sleep(50);
    expect(await calls()).toEqual([["1"]]);
  });

  it("is stopped at once when whoever called gives up", async () => {
    await using box = await sandbox();
    await using loaded = await withBad(box, doing(`console.log("begun"); for (;;);`));
    const end = loaded.postInstall().catch((error: unknown) => error);
    await vi.waitFor(() => expect(loaded.printed).toContain("begun"), 10_000);
    await loaded.close();
    await end;
    const refused = loaded.manager.hook.tljh_post_install.async({});
    await expect(refused).rejects.toMatchObject({ code: "PLUGIN_HOST_CLOSED", plugin: "good" });
  });
});
