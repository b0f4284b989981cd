import { describe, expect, test } from "vitest";
import { pluginPathMissing } from "../errors/plugins.ts";
import { type Sandbox, sandbox, testPython, writeHub } from "../plugins/fixtures.ts";
import {
  type Outcomes,
  type ReportedFailure,
  readReport,
  updateReport,
} from "../plugins/reports.ts";
import { loadingOutcomes, loadUserPlugins } from "./load.ts";
import { PluginSet } from "./plugin-set.ts";
import { UserHooks } from "./user-hooks.ts";

const old = (plugin: string, hook: string | null): ReportedFailure => ({
  plugin,
  hook,
  code: "X",
  message: "x",
  remedy: "x",
  at: "x",
});

const loaded = (name: string) => ({
  name,
  version: "1",
  language: "python" as const,
  source: name,
  hooks: [],
});

test("plugins that load again, and those that are gone, leave the report", () => {
  const before = [old("again", null), old("gone", "h"), old("again", "h"), old("bad", "h")];
  const error = pluginPathMissing("x", "/x");
  const outcomes = loadingOutcomes(before, {
    list: [loaded("again")],
    failures: [{ name: "bad", source: "bad", error }],
  });
  expect(outcomes.worked).toEqual([before[0], before[1]]);
  expect(outcomes.failures).toMatchObject([
    { plugin: "bad", hook: null, code: "PLUGIN_PATH_MISSING" },
  ]);
});

describe.runIf(testPython)("plugins in Python", () => {
  const HOOK = "from tljh.hooks import hookimpl\n@hookimpl\n";

  async function load(box: Sandbox, plugins: Readonly<Record<string, string>>) {
    await writeHub(box.paths.hub, plugins);
    const lines: string[] = [];
    const log = (level: string, message: string, fields = {}) =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    return { ...(await loadUserPlugins(box.paths, log)), lines };
  }

  test("that cannot be loaded are in the log and in the report, and the others take part", async () => {
    await using box = await sandbox();
    const good = `${HOOK}def tljh_user_removed(username): print("bye", username)\n`;
    const { manager, lines, close } = await load(box, { bad: "import no_such_module", good });
    await manager.hook.tljh_user_removed.async({ username: "jupyter-alice" });
    await close();
    expect(lines.join("\n")).toMatch(/error a plugin takes no part .*"plugin":"bad"/);
    expect(lines.join("\n")).toContain('"line":"bye jupyter-alice"');
    const report = await readReport(box.paths.pluginReports, "daemon");
    expect(report).toMatchObject([{ plugin: "bad", hook: null, code: "PLUGIN_IMPORT_FAILED" }]);
  });

  test("prepare a server's environment in turn, and one that fails changes nothing", async () => {
    await using box = await sandbox();
    const set = (name: string, rest = "") =>
      `${HOOK}def tljh_pre_spawn(username, environment):\n  environment["${name}"] = username\n${rest}`;
    await writeHub(box.paths.hub, {
      one: set("ONE"),
      two: set("TWO", "  environment.pop('OLD', None)\n  raise OSError('no disk')\n"),
      three: set("JUPYTERHUB_THREE", "  environment['THREE'] = 3\n"),
    });
    const plugins = new PluginSet(
      () => loadUserPlugins(box.paths, () => {}),
      async () => "",
    );
    const report = (outcomes: Outcomes) =>
      updateReport(box.paths.pluginReports, "daemon", outcomes);
    const hooks = new UserHooks({ plugins, report, log: () => {} });
    const environment = await hooks.prepare("jupyter-alice", { OLD: "1" }, 20_000);
    await plugins.close();
    expect(environment).toEqual({ OLD: "1", ONE: "jupyter-alice" });
    expect(await readReport(box.paths.pluginReports, "daemon")).toMatchObject([
      { plugin: "two", message: expect.stringContaining("OSError: no disk") },
      { plugin: "three", message: expect.stringMatching(/JupyterHub's own.*is not a string/) },
    ]);
  });

  test("that have no hook about users leave no process behind", async () => {
    await using box = await sandbox();
    const source = `${HOOK}def tljh_post_install(): print("called")\n`;
    const { manager } = await load(box, { quiet: source });
    await expect(manager.hook.tljh_post_install.async({})).rejects.toThrow();
  });
});
