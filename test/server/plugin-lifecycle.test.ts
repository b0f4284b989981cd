import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runInstall } from "../../tools/demo/install.ts";
import type { Server } from "../../tools/server/index.ts";
import { installedCopy, plainServer, type ServerUnderTest } from "../support/index.ts";
import { copyPlugins } from "../support/installed.ts";
import type { Kernel } from "../support/kernel.ts";
import { openPluginSources, publishNpm, publishPip } from "../support/plugin-sources.ts";

const LOCK = "/opt/tljh/config/plugins.lock.json";
const NODE = "tljh-life-node";
const PYTHON = "tljh-life-python";

/** A plugin that sets a key of config.yaml to its version, and has a package installed for users. */
const inNode = (version: string, more = "") => ({
  name: NODE,
  version,
  text: `import { hookimpl } from "tljh/hooks";
export const tljh_config_post_install = hookimpl(({ config }) => { config.life_node = "${version}"; });
export const tljh_extra_user_pip_packages = hookimpl(() => ["forge-probe"]);
${more}`,
});

const inPython = (version: string, more = "") => ({
  name: PYTHON,
  version,
  text: `from tljh.hooks import hookimpl
@hookimpl
def tljh_config_post_install(config):
    config["life_python"] = "${version}"
${more}`,
});

interface Listed {
  readonly name: string;
  readonly version: string | null;
  readonly status: string;
  readonly hooks: readonly string[] | null;
  readonly contributed: { readonly config: readonly string[]; readonly userPipPackages: string[] };
}

let under: ServerUnderTest;
let kernel: Kernel;
let beats = 0;

const tljh = (...args: string[]) => under.server.run(["tljh", ...args]);

async function must(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await tljh(...args);
  if (exitCode !== 0) throw new Error(`tljh ${args.join(" ")}: ${exitCode}\n${stdout}${stderr}`);
  return stdout;
}

/** The two plugins, as the server tells of them. */
async function listed(server: Server = under.server): Promise<readonly Listed[]> {
  const all = JSON.parse(await server.must(["tljh", "plugin", "list", "--json"])) as Listed[];
  return all.filter(({ name }) => name.startsWith("life-"));
}

const states = async (server?: Server) =>
  (await listed(server)).map(({ name, version, status }) => `${name} ${version} ${status}`);

/** What the plugins have set in config.yaml. */
async function settings(): Promise<unknown> {
  const config = JSON.parse(await under.config("show", "--json")) as Record<string, unknown>;
  return [config.life_node, config.life_python];
}

const probe = () => under.server.run(["/opt/tljh/user/bin/python", "-c", "import forge_probe"]);

beforeAll(async () => {
  under = await installedCopy();
  const { server, sources } = under;
  await openPluginSources(server, sources.index);
  await publishNpm(server, [inNode("1.0.0")]);
  await publishPip(server, [inPython("1.0")]);
  const student = await under.student();
  await student.startServer();
  kernel = await student.openKernel();
  await kernel.run("beats = 0");
});
afterAll(async () => {
  await kernel?.[Symbol.asyncDispose]();
  await under?.server.destroy();
});

/** The student's kernel is the one that was started first, and answers. */
async function expectAlive(): Promise<void> {
  beats += 1;
  expect(await kernel.run("beats += 1; print(beats)")).toMatchObject({ stdout: `${beats}\n` });
  expect(kernel.isOpen).toBe(true);
}

describe("on a running server, under a student's live kernel, a plugin in each language", () => {
  test("is added", async () => {
    await must("plugin", "add", `npm:${NODE}`, PYTHON);
    expect(await listed()).toMatchObject([
      {
        name: "life-node",
        version: "1.0.0",
        status: "active",
        hooks: expect.arrayContaining(["tljh_extra_user_pip_packages"]),
        contributed: { config: ["life_node"], userPipPackages: ["forge-probe"] },
      },
      {
        name: "life-python",
        version: "1.0",
        status: "active",
        contributed: { config: ["life_python"] },
      },
    ]);
    expect(await settings()).toEqual(["1.0.0", "1.0"]);
    expect((await probe()).exitCode).toBe(0);
    await expectAlive();
  });

  test("stays at its version, though there is a newer one", async () => {
    await publishNpm(under.server, [inNode("1.0.0"), inNode("1.1.0")]);
    await publishPip(under.server, [inPython("1.0"), inPython("2.0")]);
    expect(await must("plan")).toBe("Nothing to do: the server is as wanted.\n");
    await must("install", "--plugin", `npm:${NODE}`, PYTHON);
    expect(await states()).toEqual(["life-node 1.0.0 active", "life-python 1.0 active"]);
  });

  test("is upgraded, and the versions are told", async () => {
    const output = await must("plugin", "upgrade", "life-node", "life-python");
    expect(output).toContain(`Upgraded:\n  ${NODE} 1.0.0 → 1.1.0\n  ${PYTHON} 1.0 → 2.0\n`);
    expect(await settings()).toEqual(["1.1.0", "2.0"]);
    await expectAlive();
  });

  test("is not upgraded again", async () => {
    expect(await must("plugin", "upgrade", "life-node", "life-python")).toBe(
      "Nothing to upgrade.\n",
    );
  });

  test.each([
    ["life-node", () => publishNpm(under.server, [inNode("1.2.0", "throw new Error('broken');")])],
    ["life-python", () => publishPip(under.server, [inPython("3.0", "raise OSError('broken')")])],
  ])("%s stays as it was when its upgrade fails", async (name, publish) => {
    await publish();
    const { exitCode, stderr } = await tljh("plugin", "upgrade", name);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("broken")]);
    expect(await states()).toEqual(["life-node 1.1.0 active", "life-python 2.0 active"]);
    expect(await settings()).toEqual(["1.1.0", "2.0"]);
    await expectAlive();
  });

  test("is disabled: it is loaded no more, and what it contributed stays", async () => {
    await must("plugin", "disable", "life-node", "life-python");
    expect(await listed()).toMatchObject([
      { status: "disabled", hooks: null },
      { status: "disabled", hooks: null },
    ]);
    expect(await settings()).toEqual(["1.1.0", "2.0"]);
    await expectAlive();
  });

  test("is enabled again", async () => {
    await must("plugin", "enable", "life-node", "life-python");
    expect(await states()).toEqual(["life-node 1.1.0 active", "life-python 2.0 active"]);
    expect(await settings()).toEqual(["1.1.0", "2.0"]);
    expect((await probe()).exitCode).toBe(0);
    await expectAlive();
  });
});

describe("a second server, made from config.yaml and the lock", () => {
  let second: Server | undefined;
  let lock = "";
  const server = (): Server => {
    if (second === undefined) throw new Error("there is no second server");
    return second;
  };

  beforeAll(async () => {
    lock = await under.server.readFile(LOCK);
    const made = await plainServer();
    second = made.server;
    await openPluginSources(second, made.sources.index);
    // What is newer must not be taken.
    await publishNpm(second, [inNode("1.1.0"), inNode("1.9.0")]);
    await publishPip(second, [inPython("2.0"), inPython("9.0")]);
    await copyPlugins(second, made.ingredients);
    await second.writeFile("/root/plugins.lock.json", lock);
    const config = await under.server.readFile("/opt/tljh/config/config.yaml");
    await second.must(["mkdir", "-p", "-m", "700", "/opt/tljh/config"]);
    await second.writeFile("/opt/tljh/config/config.yaml", config, "0600");
    const result = await runInstall(second, {
      sources: made.sources,
      admins: [],
      extra: ["--lock", "/root/plugins.lock.json"],
    });
    expect(`${result.stdout}${result.stderr}`).toContain("Done in");
  });
  afterAll(() => second?.destroy());

  test("has the same plugins, at the same versions, with the same integrity", async () => {
    expect(await states(server())).toEqual(await states());
    const locked = (text: string) => ({ ...JSON.parse(text), channels: [] });
    expect(locked(await server().readFile(LOCK))).toEqual(locked(lock));
    expect(lock).not.toContain("127.0.0.1:8898");
  });

  const tampered = (name: string, key: "integrity" | "sha256", value: string) => {
    const file = JSON.parse(lock) as { plugins: { package: string }[]; npm: { packages: object } };
    const change = (one: object): object =>
      Object.fromEntries(
        Object.entries(one).map(([field, inner]) => {
          if (field === key) return [field, value];
          return [
            field,
            Array.isArray(inner) ? inner.map((each) => change(each as object)) : inner,
          ];
        }),
      );
    const plugins = file.plugins.map((one) => (one.package === name ? change(one) : one));
    const packages = Object.entries(file.npm.packages).map(([place, one]) => [
      place,
      place.endsWith(`/${name}`) ? change(one as object) : one,
    ]);
    const npm = { ...file.npm, packages: Object.fromEntries(packages) };
    return JSON.stringify({ ...file, plugins, npm });
  };

  test.each([
    [NODE, "integrity", `sha512-${"A".repeat(86)}==`, "PLUGIN_LOCK_MISMATCH"],
    [PYTHON, "sha256", "0".repeat(64), "PLUGIN_PIN_UNMET"],
  ] as const)("refuses a lock in which %s was tampered with", async (name, key, value, code) => {
    await server().writeFile("/root/tampered.lock.json", tampered(name, key, value));
    const before = await states(server());
    const args = ["install", "--lock", "/root/tampered.lock.json"];
    const { exitCode, stderr } = await server().run(["tljh", ...args]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`code: ${code}`)]);
    expect(stderr).toContain(name);
    expect(await states(server())).toEqual(before);
    await server().must(["tljh", "apply"]);
    expect(await states(server())).toEqual(before);
  });
});

describe("on a running server, under a student's live kernel, a plugin in each language, at last,", () => {
  test("is not removed without anybody having said yes", async () => {
    const { exitCode, stderr } = await tljh("plugin", "remove", "life-node");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("PLUGIN_REMOVE_UNCONFIRMED")]);
    expect(await states()).toHaveLength(2);
  });

  test("is removed with what it alone contributed, which is shown", async () => {
    const output = await must("plugin", "remove", "--yes", "life-node", PYTHON);
    expect(output).toMatch(/This is what changes:\n.*- forge-probe/s);
    expect(await states()).toEqual([]);
    expect(await settings()).toEqual([undefined, undefined]);
    expect((await probe()).exitCode).toBe(1);
    const pip = ["/opt/tljh/hub/bin/python", "-m", "pip", "show", PYTHON];
    expect((await under.server.run(pip)).exitCode).toBe(1);
    expect(await under.server.readFile(LOCK)).not.toContain("life");
    await expectAlive();
  });
});
