import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../config/load.ts";
import { hookimpl, type JupyterHubConfig } from "../hooks.ts";
import { createHookManager } from "../plugins/manager.ts";
import type { Assignment } from "./assignments.ts";
import { recordConfig } from "./record.ts";
import { type HubPlugins, makeHubConfig, writeHubConfig } from "./write.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tljh-hub-"));
});
const paths = () => ({
  user: "/opt/tljh/user",
  hubConfig: join(folder, "jupyterhub-config.json"),
  installation: join(folder, "installation.json"),
  pluginSettings: join(folder, "plugin-settings.json"),
});
const effective = parseConfig("auth: {A: {id: 12345678901234567890}}\n").effective;

/** Plugins as their adapters are: each is handed what was assigned before it, and adds its own. */
function withPlugins(
  plugins: Readonly<Record<string, (c: JupyterHubConfig) => unknown>>,
): HubPlugins {
  const manager = createHookManager();
  for (const [name, change] of Object.entries(plugins)) {
    const implementation = async ({ assignments }: { assignments: Assignment[] }) => {
      const recorded = recordConfig(assignments, name);
      await change(recorded.c);
      assignments.push(...recorded.assignments);
    };
    const hook = hookimpl(implementation as never, { arguments: ["assignments"] });
    manager.register({ tljh_custom_jupyterhub_config: hook }, name);
  }
  return { manager };
}

const sets = (url: string) => (c: JupyterHubConfig) => {
  c.JupyterHub.base_url = `${c.JupyterHub.base_url}${url}`;
};

describe("jupyterhub-config.json", () => {
  it("is a versioned list of assignments that root alone reads", async () => {
    await writeHubConfig({ paths: paths(), effective, plugins: withPlugins({}) });
    const text = await readFile(paths().hubConfig, "utf8");
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      disabled: [],
      settings: {},
      assignments: expect.arrayContaining([
        { class: "JupyterHub", trait: "base_url", value: "/", plugin: null },
        { class: "Authenticator", trait: "admin_users", value: [], kind: "set", plugin: null },
      ]),
    });
    expect(text).toContain('"value": 12345678901234567890\n');
    expect((await stat(paths().hubConfig)).mode & 0o777).toBe(0o600);
  });

  it("cannot be written where there is no folder", async () => {
    const lost = { ...paths(), hubConfig: join(folder, "no", "such.json") };
    await expect(
      writeHubConfig({ paths: lost, effective, plugins: withPlugins({}) }),
    ).rejects.toMatchObject({
      code: "HUB_CONFIG_UNWRITABLE",
      message: expect.stringContaining(lost.hubConfig),
    });
  });
});

describe("plugins", () => {
  it("see what config.yaml and those before them have set, and are named", async () => {
    const plugins = withPlugins({ first: sets("a/"), second: sets("b/") });
    const { assignments } = await makeHubConfig({ paths: paths(), effective, plugins });
    expect(assignments.slice(-2)).toEqual([
      { class: "JupyterHub", trait: "base_url", value: "/b/", plugin: "second" },
      { class: "JupyterHub", trait: "base_url", value: "/b/a/", plugin: "first" },
    ]);
  });

  it("that fail are told and leave nothing behind; the others take part", async () => {
    const failing = async (c: JupyterHubConfig) => {
      c.JupyterHub.base_url = "/lost/";
      await Promise.resolve();
      c.Spawner.pre_spawn_hook = () => undefined;
    };
    const plugins = withPlugins({ good: sets("x/"), failing });
    const { assignments, failures } = await makeHubConfig({ paths: paths(), effective, plugins });
    expect(assignments.at(-1)).toMatchObject({ value: "/x/", plugin: "good" });
    expect(failures).toMatchObject([
      {
        plugin: "failing",
        error: { message: expect.stringContaining("c.Spawner.pre_spawn_hook") },
      },
    ]);
  });
});
