import { expect, it } from "vitest";
import type { TljhEvent } from "../events.ts";
import { pluginFolder, type Sandbox, sandbox } from "../plugins/fixtures.ts";
import { installNpmPlugins } from "../plugins/install.ts";
import { loadPlugins } from "../plugins/load.ts";
import { readReport } from "../plugins/reports.ts";
import { type Asker, askServer } from "./asking.ts";

const HOOKS = `import { hookimpl } from "tljh/hooks";\n`;
const GOOD = `${HOOKS}export const tljh_extra_apt_packages = hookimpl(() => ["sl"]);`;
const BAD = `${HOOKS}export const tljh_extra_apt_packages = hookimpl(() => "sl");`;

/** Installs plugins of these sources and asks them. */
async function ask(box: Sandbox, names: readonly string[], options: Partial<Asker> = {}) {
  const { paths, folder } = box;
  const plugins = names.map((name) => ({ spec: `${folder}/${name}`, kind: "folder-npm" as const }));
  await installNpmPlugins(plugins, paths);
  const loaded = await loadPlugins({ paths });
  const events: TljhEvent[] = [];
  const context: Asker = {
    paths,
    wanted: { version: 1, channels: [], plugins, userRequirementsTxtUrl: null },
    admins: [],
    emit: (event) => void events.push(event),
    dryRun: false,
    skipFailing: false,
    ...options,
  };
  return { answers: await askServer(context, loaded), events };
}

const both = () => sandbox({ good: pluginFolder("good", GOOD), bad: pluginFolder("bad", BAD) });

it("ends with the first plugin whose answer makes no sense", async () => {
  await using box = await both();
  await expect(ask(box, ["good", "bad"])).rejects.toMatchObject({
    code: "PLUGIN_RESULT_NOT_A_LIST",
    message: expect.stringContaining("Plugin bad"),
  });
});

it("goes on without a plugin that fails where the admin wants it so, and names and reports it", async () => {
  await using box = await both();
  const { answers, events } = await ask(box, ["good", "bad"], { skipFailing: true });
  expect(answers.contributions.aptPackages).toEqual([{ value: "sl", plugin: "good" }]);
  expect(events).toMatchObject([
    {
      type: "warning",
      code: "PLUGIN_SKIPPED",
      message: expect.stringMatching(/^Plugin bad takes/),
    },
  ]);
  expect(await readReport(box.paths.pluginReports, "install")).toMatchObject([
    { plugin: "bad", hook: "tljh_extra_apt_packages", code: "PLUGIN_RESULT_NOT_A_LIST" },
  ]);
});

it("reports nothing any more once all plugins work, and nothing at all in a plan", async () => {
  await using box = await both();
  const report = () => readReport(box.paths.pluginReports, "install");
  await ask(box, ["good", "bad"], { skipFailing: true, dryRun: true });
  expect(await report()).toEqual([]);
  await ask(box, ["good", "bad"], { skipFailing: true });
  expect(await report()).toHaveLength(1);
  const disabled = { version: 1, channels: [], plugins: [], disabled: ["bad"] } as const;
  const wanted = { ...disabled, userRequirementsTxtUrl: null };
  await ask(box, ["good", "bad"], { wanted: { ...wanted, plugins: requests(box) } });
  expect(await report()).toEqual([]);
});

const requests = (box: Sandbox) =>
  ["good", "bad"].map((name) => ({ spec: `${box.folder}/${name}`, kind: "folder-npm" as const }));

it("does not ask plugins that are about to be taken out", async () => {
  await using box = await both();
  const wanted = { version: 1, channels: [], userRequirementsTxtUrl: null } as const;
  const plugins = requests(box).slice(0, 1);
  const { answers } = await ask(box, ["good", "bad"], { wanted: { ...wanted, plugins } });
  expect(answers.contributors.map(({ name }) => name)).toEqual(["good"]);
});

it("adds the admins asked for to the admin's own configuration, before plugins see it", async () => {
  const source = `${HOOKS}export const tljh_config_post_install = hookimpl(({ config }) => {
    config.seen = [...(config.users?.admin ?? [])];
  });`;
  await using box = await sandbox({ seer: pluginFolder("seer", source) });
  const { answers } = await ask(box, ["seer"], { admins: [{ name: "ada", password: null }] });
  expect(answers.config.admin).toEqual({ users: { admin: ["ada"] } });
  expect(answers.config.after).toEqual({ users: { admin: ["ada"] }, seen: ["ada"] });
});
