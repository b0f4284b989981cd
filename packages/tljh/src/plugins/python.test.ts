import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hookimpl } from "../hooks.ts";
import { askPlugins } from "./asking/ask.ts";
import { PluginHost } from "./client/host.ts";
import { pythonHost } from "./client/launch.ts";
import type { HookTimeouts } from "./client/limits.ts";
import { type Sandbox, sandbox, testPython, writeHub, writeTree } from "./fixtures.ts";
import { emptyLedger } from "./ledger/ledger.ts";
import { type LoadedPlugins, loadPlugins } from "./load.ts";

/** What the plugins contribute to a server with this configuration. */
const ask = (loaded: LoadedPlugins, config: Record<string, unknown> = {}) =>
  askPlugins({
    loaded,
    ledger: emptyLedger,
    config,
    prepare: (own) => own,
    disabled: [],
    staying: new Set(loaded.list.map(({ source }) => source)),
    stop: true,
  });

const HOOK = "from tljh.hooks import hookimpl\n";

async function load(
  box: Sandbox,
  plugins: Readonly<Record<string, string>>,
  timeouts?: HookTimeouts,
) {
  const hubPython = await writeHub(join(box.folder, "hub"), plugins);
  const printed: string[] = [];
  const onLine = (line: string) => void printed.push(line);
  const options = timeouts ? { timeouts } : {};
  const loaded = await loadPlugins({ paths: box.paths, hubPython, onLine, ...options });
  return { ...loaded, printed, [Symbol.asyncDispose]: () => loaded.close() };
}

describe.runIf(testPython)("Python plugins", () => {
  it("are plugins of the manager", async () => {
    await using box = await sandbox();
    const source = `${HOOK}@hookimpl\ndef tljh_extra_apt_packages():\n  return ["sl"]\n`;
    await using loaded = await load(box, { simplest: source });
    expect(loaded.failures).toEqual([]);
    expect(loaded.list).toEqual([
      {
        name: "simplest",
        version: "1.0",
        language: "python",
        source: "simplest",
        hooks: ["tljh_extra_apt_packages"],
      },
    ]);
    const { contributions } = await ask(loaded);
    expect(contributions.aptPackages).toEqual([{ value: "sl", plugin: "simplest" }]);
  });

  it("may have several functions for one hook, each with the arguments it asks for", async () => {
    await using box = await sandbox();
    const source = [
      `${HOOK}@hookimpl(specname="tljh_new_user_create")`,
      `def first(username, settings):\n  print(username, settings)`,
      `@hookimpl(specname="tljh_new_user_create")\ndef second():\n  print("second")\n`,
    ].join("\n");
    await using loaded = await load(box, { twofold: source });
    await loaded.manager.hook.tljh_new_user_create.async({ username: "jupyter-ada" });
    await loaded.close();
    expect(loaded.printed).toEqual(["second", "jupyter-ada {}"]);
  });

  it("are given the arguments they ask for, and what they print is passed on", async () => {
    await using box = await sandbox();
    const source = `${HOOK}@hookimpl\ndef tljh_new_user_create(username):\n  print("hello", username)\n`;
    await using loaded = await load(box, { greeter: source });
    await loaded.manager.hook.tljh_new_user_create.async({ username: "jupyter-ada" });
    await loaded.close();
    expect(loaded.printed).toEqual(["hello jupyter-ada"]);
  });

  it("keep their place in the order, and see and change the same config", async () => {
    await using box = await sandbox();
    const source = `${HOOK}
@hookimpl
def tljh_config_post_install(config):
    config["order"].append("python")
    del config["old"]
`;
    await using loaded = await load(box, { middle: source });
    const note = (name: string) =>
      hookimpl(({ config }) => void (config.order as string[]).push(name));
    loaded.manager.register({ tljh_config_post_install: note("last registered") }, "z");
    const last = hookimpl(({ config }) => void (config.order as string[]).push("last"), {
      trylast: true,
    });
    loaded.manager.register({ tljh_config_post_install: last }, "y");
    const config = { order: [], old: 1 };
    await loaded.manager.hook.tljh_config_post_install.async({ config });
    expect(config).toEqual({ order: ["last registered", "python", "last"] });
  });

  it("are ordered by trylast", async () => {
    await using box = await sandbox();
    const hook = (options: string, value: string) =>
      `${HOOK}@hookimpl${options}\ndef tljh_extra_apt_packages():\n  return ["${value}"]\n`;
    await using loaded = await load(box, { a: hook("", "a"), b: hook("(trylast=True)", "b") });
    expect(loaded.manager.hook.tljh_extra_apt_packages.plugins()).toEqual(["a", "b"]);
  });

  it("may leave out results, have defaults and functions that are no hooks", async () => {
    await using box = await sandbox();
    const source = `${HOOK}
@hookimpl
def tljh_extra_apt_packages():
    return None
@hookimpl
def tljh_config_post_install(config, path="/etc/x"):
    config["path"] = path
@hookimpl
def tljh_hook_of_tomorrow():
    pass
def tljh_post_install():
    raise RuntimeError
tljh_new_user_create = None
`;
    await using loaded = await load(box, { odd: source });
    expect(loaded.failures).toEqual([]);
    const { contributions, config } = await ask(loaded);
    expect(contributions.aptPackages).toEqual([]);
    expect(config.after).toEqual({ path: "/etc/x" });
    expect(loaded.list[0]?.hooks).toEqual(["tljh_config_post_install", "tljh_extra_apt_packages"]);
  });

  it("are not asked for JupyterHub's configuration, which JupyterHub itself asks them for", async () => {
    await using box = await sandbox();
    const source = `${HOOK}@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n  raise RuntimeError\n`;
    await using loaded = await load(box, { hub: source });
    expect(loaded.list[0]?.hooks).toEqual(["tljh_custom_jupyterhub_config"]);
    expect(loaded.manager.hook.tljh_custom_jupyterhub_config.plugins()).toEqual([]);
  });

  it("that fail to import leave the others alone", async () => {
    await using box = await sandbox();
    const good = `${HOOK}@hookimpl\ndef tljh_post_install():\n  pass\n`;
    await using loaded = await load(box, { bad: "import nothing_of_the_kind\n", good });
    expect(loaded.list).toMatchObject([{ name: "good" }]);
    expect(loaded.failures).toMatchObject([
      {
        name: "bad",
        error: {
          code: "PLUGIN_IMPORT_FAILED",
          message: expect.stringMatching(/Plugin bad .* module bad: .*No module named/),
          trace: expect.stringContaining("Traceback"),
        },
      },
    ]);
  });

  it("that fail in a hook are named, once, with Python's own trace", async () => {
    await using box = await sandbox();
    const source = `${HOOK}@hookimpl\ndef tljh_post_install():\n  raise ValueError("disk full")\n`;
    await using loaded = await load(box, { bad: source });
    await expect(loaded.manager.hook.tljh_post_install.async({})).rejects.toMatchObject({
      code: "PLUGIN_HOOK_FAILED",
      message: "Plugin bad failed in tljh_post_install: ValueError: disk full",
      plugin: "bad",
      hook: "tljh_post_install",
      trace: expect.stringContaining("bad.py"),
    });
  });

  it("that end the host are told with how it ended", async () => {
    await using box = await sandbox();
    const source = `${HOOK}import os, sys
@hookimpl
def tljh_post_install():
    print("bye", flush=True)
    os._exit(3)
`;
    await using loaded = await load(box, { deadly: source });
    await expect(loaded.manager.hook.tljh_post_install.async({})).rejects.toMatchObject({
      code: "PLUGIN_ENDED_HOST",
      plugin: "deadly",
      hook: "tljh_post_install",
      message: expect.stringMatching(
        /deadly ended .* in tljh_post_install, with exit code 3.*bye/s,
      ),
    });
  });
});

describe.runIf(testPython)("a Python plugin that fails in a hook", () => {
  const good = `${HOOK}@hookimpl\ndef tljh_health_checks():\n  return []\n`;

  it.each([
    ["crashes the process", "ctypes.string_at(0)", "PLUGIN_ENDED_HOST", "with signal SIGSEGV"],
    ["ends it", "os._exit(3)", "PLUGIN_ENDED_HOST", "with exit code 3"],
    ["hangs", "threading.Event().wait()", "PLUGIN_HUNG", "stopped after 2 s"],
    ["prints without end", 'while True: print("x" * 5000)', "PLUGIN_HUNG", "stopped after 2 s"],
    ["calls sys.exit", "sys.exit(4)", "PLUGIN_HOOK_FAILED", "SystemExit: 4"],
  ])("because it %s is named, and the others answer", async (_title, line, code, message) => {
    await using box = await sandbox();
    const head = `${HOOK}import ctypes, os, sys, threading\n`;
    const bad = `${head}@hookimpl\ndef tljh_health_checks():\n  ${line}\n`;
    const plugins = { a: good, bad, c: good };
    await using loaded = await load(box, plugins, { tljh_health_checks: 2 });
    const ends = await loaded.manager.hook.tljh_health_checks.allSettled({}, { atOnce: true });
    expect(ends).toMatchObject([
      { plugin: "c", status: "fulfilled" },
      { plugin: "bad", status: "rejected", error: { code, plugin: "bad" } },
      { plugin: "a", status: "fulfilled" },
    ]);
    const error = ends[1]?.status === "rejected" ? ends[1].error : undefined;
    expect(error?.message).toContain(message);
    expect(error?.message.length).toBeLessThan(4_000);
    const characters = loaded.printed.reduce((sum, one) => sum + one.length, 0);
    expect(characters).toBeLessThan(2_200_000);
  });
});

describe("the host", () => {
  /** A program in the place of Python. */
  const hostOf = async (box: Sandbox, script: string) => {
    await writeTree(box.folder, { python: `#!/bin/sh\n${script}\n` });
    await chmod(join(box.folder, "python"), 0o755);
    return new PluginHost(pythonHost(join(box.folder, "python"), box.paths));
  };

  it("that cannot be started is an error with the path of Python", async () => {
    const host = new PluginHost(pythonHost("/nowhere/python", { prefix: "/nowhere" }));
    await expect(host.find()).rejects.toMatchObject({
      code: "PLUGIN_HOST_UNSTARTABLE",
      message: expect.stringContaining("/nowhere/python"),
    });
    await host.close();
  });

  it("that ends at once is an error with what it said", async () => {
    await using box = await sandbox();
    const host = await hostOf(box, "echo 'No module named tljh' >&2; exit 1");
    await expect(host.find()).rejects.toMatchObject({
      code: "PLUGIN_HOST_ENDED",
      message: "The host of Python plugins ended with exit code 1:\nNo module named tljh",
    });
    await host.close();
  });

  it("that does not start is stopped, and an error with what it said", async () => {
    await using box = await sandbox();
    await hostOf(box, "echo loading; sleep 1000").then((host) => host.close());
    const launch = pythonHost(join(box.folder, "python"), box.paths);
    const host = new PluginHost(launch, { startLimit: 1 });
    await expect(host.find()).rejects.toMatchObject({
      code: "PLUGIN_HOST_HUNG",
      message: "The host of Python plugins did not start within 1 s:\nloading",
    });
    await host.close();
  });

  it("that answers nonsense is an error with the answer", async () => {
    await using box = await sandbox();
    const host = await hostOf(
      box,
      `read line <&3; echo '{"id":1,"result":{}}' >&3
      read line <&3; echo '{"id":2,"result":[{"name":3}]}' >&3; read line <&3`,
    );
    await expect(host.find()).rejects.toMatchObject({
      code: "PLUGIN_HOST_CONFUSED",
      message: expect.stringContaining('[{"name":3}]'),
    });
    await host.close();
  });

  it("that is broken leaves the server's other plugins alone", async () => {
    await using box = await sandbox();
    await hostOf(box, "exit 1").then((host) => host.close());
    const hubPython = join(box.folder, "python");
    const { list, failures, close } = await loadPlugins({ paths: box.paths, hubPython });
    expect(list).toEqual([]);
    expect(failures).toMatchObject([{ name: null, error: { code: "PLUGIN_HOST_ENDED" } }]);
    await close();
  });

  it("is not started if only TypeScript's plugins are wanted", async () => {
    await using box = await sandbox();
    await hostOf(box, "exit 1").then((host) => host.close());
    const hubPython = join(box.folder, "python");
    const languages = ["typescript"] as const;
    const { failures } = await loadPlugins({ paths: box.paths, hubPython, languages });
    expect(failures).toEqual([]);
  });

  it("is not started on a server without a hub", async () => {
    await using box = await sandbox();
    expect(await loadPlugins({ paths: box.paths })).toMatchObject({ list: [], failures: [] });
  });
});
