import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HubUser, installedCopy, type ServerUnderTest } from "../support/index.ts";
import type { Kernel } from "../support/kernel.ts";

const FOLDER = "/root/plugins";

/** Shares xarray with `tljh-simple`, and changes what the admin has set. */
const CLIMATE = `import { hookimpl } from "tljh/hooks";
export const tljh_extra_apt_packages = hookimpl(() => ["tree"]);
export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray"]);
export const tljh_extra_user_pip_packages = hookimpl(() => ["forge-probe"]);
export const tljh_config_post_install = hookimpl(({ config }) => {
  config.limits = { ...config.limits, memory: "1G" };
  config.climate = { models: ["a", "b"] };
});
`;

const BAD = `import { hookimpl } from "tljh/hooks";
export const tljh_extra_apt_packages = hookimpl(() => ["tree"]);
export const tljh_extra_user_conda_packages = hookimpl(() => "xarray");
`;

const GOOD = `import { hookimpl } from "tljh/hooks";
export const tljh_extra_apt_packages = hookimpl(() => ["tree"]);
`;

let under: ServerUnderTest;
let student: HubUser;
let kernel: Kernel;

const must = (...argv: readonly string[]) => under.server.must(argv);
const succeeds = async (...argv: readonly string[]) =>
  (await under.server.run(argv)).exitCode === 0;
const plan = () => must("tljh", "plan");
const imports = (environment: "hub" | "user", name: string) =>
  succeeds(`/opt/tljh/${environment}/bin/python`, "-c", `import ${name}`);
const hasDebian = (name: string) => succeeds("dpkg-query", "--show", "-f", "x", name);
const isInstalled = async (name: string) =>
  (await hasDebian(name)) &&
  (await must("dpkg", "--status", name)).includes("install ok installed");
const config = async () =>
  JSON.parse(await under.config("show", "--json")) as Record<string, unknown>;
const ledger = async () =>
  JSON.parse(await under.server.readFile("/opt/tljh/state/contributions.json")) as {
    readonly plugins: readonly { readonly name: string }[];
    readonly debian: readonly string[];
  };

async function writePlugin(name: string, source: string): Promise<string> {
  const manifest = { name: `tljh-${name}`, version: "1.0.0", type: "module" };
  const tljh = { plugins: { [name]: "./plugin.js" } };
  await under.server.writeFile(
    `${FOLDER}/${name}/package.json`,
    JSON.stringify({ ...manifest, tljh }),
  );
  await under.server.writeFile(`${FOLDER}/${name}/plugin.js`, source);
  return `${FOLDER}/${name}`;
}

/** Takes a plugin off the record, as `tljh plugin remove` does; the next apply makes it so. */
async function forget(spec: string): Promise<void> {
  const file = "/opt/tljh/state/installation.json";
  const record = JSON.parse(await under.server.readFile(file)) as { plugins: { spec: string }[] };
  const plugins = record.plugins.filter((one) => one.spec !== spec);
  expect(plugins).toHaveLength(record.plugins.length - 1);
  await under.server.writeFile(file, `${JSON.stringify({ ...record, plugins }, null, 2)}\n`);
}

/** Leaves what `conda install` of a package that is there leaves. */
async function askByHand(name: string): Promise<void> {
  const history = "/opt/tljh/user/conda-meta/history";
  const revision = `==> 2026-01-01 10:00:00 <==
# cmd: /opt/tljh/user/bin/conda install ${name}
# conda version: 24.1.0
# update specs: ['${name}']
`;
  await under.server.writeFile(history, (await under.server.readFile(history)) + revision);
}

beforeAll(async () => {
  under = await installedCopy();
  student = await under.student();
  await student.startServer();
  kernel = await student.openKernel();
  await kernel.run("x = 41");
});
afterAll(async () => {
  await kernel?.[Symbol.asyncDispose]();
  await under?.server.destroy();
});

/** The student's server and kernel are the same as ever. */
async function expectUndisturbed(): Promise<void> {
  expect((await kernel.run("x + 1")).value).toBe("42");
}

describe("a plugin that fails in one of its lists", () => {
  test("ends the installation, and everything is as it was", async () => {
    const spec = await writePlugin("bad", BAD);
    const before = [await must("tljh-config", "show"), JSON.stringify(await ledger())];
    const { exitCode, stderr } = await under.server.run([
      ...["/root/tljh/bin/tljh", "install", "--plugin", spec],
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Plugin bad answered tljh_extra_user_conda_packages");
    expect([await must("tljh-config", "show"), JSON.stringify(await ledger())]).toEqual(before);
    expect(await isInstalled("tree")).toBe(false);
    expect(await must("ls", "/opt/tljh/plugins/folders")).not.toContain("tljh-bad");
    expect(await plan()).toContain("Nothing to do");
  });

  test("does not keep the others out with --skip-failing-plugins, and is named", async () => {
    const spec = await writePlugin("good", GOOD);
    const output = await must(
      ...["/root/tljh/bin/tljh", "install", "--skip-failing-plugins"],
      ...["--plugin", `${FOLDER}/bad`, "--plugin", spec],
    );
    expect(output).toContain("Plugin bad takes no part");
    expect(await isInstalled("tree")).toBe(true);
    const report = await under.server.readFile("/opt/tljh/state/plugin-reports/install.json");
    expect(JSON.parse(report)).toMatchObject({
      failures: [{ plugin: "bad", hook: "tljh_extra_user_conda_packages" }],
    });
    expect((await ledger()).debian).toContain("tree");
  });

  test("can be taken out, and another with it", async () => {
    await forget(`${FOLDER}/bad`);
    await forget(`${FOLDER}/good`);
    expect(await plan()).toMatch(/- tree {2}\(was wanted by good\)/);
    await must("tljh", "apply");
    expect(await isInstalled("tree")).toBe(false);
    expect(await plan()).toContain("Nothing to do");
    await expectUndisturbed();
  });
});

describe("a plugin that shares a package with another", () => {
  beforeAll(async () => {
    await under.config("set", "limits.memory", "2G");
    const spec = await writePlugin("climate", CLIMATE);
    const output = await must("/root/tljh/bin/tljh", "install", "--plugin", spec);
    expect(output).toContain(
      'Plugin climate changes config.yaml: limits.memory: "2G" → "1G", set by the admin',
    );
  });

  test("has contributed what it asked for, and leaves nothing more to do", async () => {
    expect(await isInstalled("tree")).toBe(true);
    expect(await imports("user", "forge_probe")).toBe(true);
    expect(await config()).toMatchObject({
      limits: { memory: "1G" },
      climate: { models: ["a", "b"] },
    });
    expect(await plan()).toContain("Nothing to do");
  });

  test("keeps what it wants when the other one goes", async () => {
    await forget(`${FOLDER}/tljh-simple`);
    const said = await plan();
    expect(said).toContain(`- ${FOLDER}/tljh-simple`);
    expect(said).toMatch(/- dask \S+ {2}\(was wanted by simple\)/);
    expect(said).not.toContain("xarray");
    await must("tljh", "apply");
    expect(await imports("user", "xarray")).toBe(true);
    expect(await imports("user", "dask")).toBe(false);
    expect(await plan()).toContain("Nothing to do");
    await expectUndisturbed();
  });

  test("takes all along that it alone had contributed, and what the admin had set is back", async () => {
    await forget(`${FOLDER}/climate`);
    const said = await plan();
    for (const line of [
      /- tree {2}\(was wanted by climate\)/,
      /- xarray \S+ {2}\(was wanted by climate\)/,
      /- forge-probe \S+ \(pip\) {2}\(was wanted by climate\)/,
      /~ limits\.memory: "1G" → "2G" {2}\(was wanted by climate\)/,
      /- climate\.models: \["a","b"\] {2}\(was wanted by climate\)/,
    ])
      expect(said).toMatch(line);
    await must("tljh", "apply");
    for (const name of ["xarray", "forge_probe"]) expect(await imports("user", name)).toBe(false);
    for (const name of ["ruamel.yaml", "colorama"]) expect(await imports("user", name)).toBe(true);
    expect([await isInstalled("tree"), await isInstalled("figlet")]).toEqual([false, true]);
    const found = await config();
    expect(found).toMatchObject({ limits: { memory: "2G" } });
    expect(found).not.toHaveProperty("climate");
    expect(await plan()).toContain("Nothing to do");
    await expectUndisturbed();
  });
});

test("what an admin has installed by hand stays when the plugin goes that had asked for it", async () => {
  await askByHand("ruamel.yaml");
  await forget(`${FOLDER}/tljh-simplest-ts`);
  expect(await plan()).toContain("was wanted by simplest-ts");
  await must("tljh", "apply");
  expect(await imports("user", "ruamel.yaml")).toBe(true);
  expect([await isInstalled("figlet"), await imports("hub", "tabulate")]).toEqual([false, false]);
  expect(await config()).not.toHaveProperty("TestTs");
  await expectUndisturbed();
});

test("a plugin in Python goes with its distribution, and the hub starts without it", async () => {
  expect(await imports("hub", "tljh_simplest")).toBe(true);
  await forget(`${FOLDER}/tljh-simplest`);
  expect(await plan()).toMatch(/- tljh-simplest \S+ \(pip\)/);
  await must("tljh", "apply");
  expect(await imports("hub", "tljh_simplest")).toBe(false);
  expect(await imports("user", "tabulate")).toBe(false);
  expect(await isInstalled("hello")).toBe(false);
  expect(await config()).not.toHaveProperty("TestPython");
  expect(await ledger()).toMatchObject({ plugins: [], debian: [] });
  expect(await plan()).toContain("Nothing to do");
  await expectUndisturbed();
  expect(await student.runInKernel("print(6 * 7)")).toBe("42\n");
});
