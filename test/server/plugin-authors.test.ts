import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedCopy, type ServerUnderTest } from "../support/index.ts";

/** Anybody may make plugins here. */
const WORKSHOP = "/srv/workshop";

let under: ServerUnderTest;

/**
 * Runs a command there as root, who finds packages of pip where the other tests do. Of the setuptools in that index
 * Debian has taken out what it brings along, so plugins are built with the hub's: pip reads this as "no isolation".
 */
const run = (...argv: readonly string[]) =>
  under.server.run(["env", `--chdir=${WORKSHOP}`, ...argv], {
    env: { PIP_INDEX_URL: under.sources.index, PIP_NO_BUILD_ISOLATION: "false" },
  });

async function must(...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(...argv);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${exitCode}\n${stdout}\n${stderr}`);
  return stdout;
}

beforeAll(async () => {
  under = await installedCopy();
  await under.server.must(["install", "--directory", "--mode=1777", WORKSHOP]);
});
afterAll(async () => {
  await under?.server.destroy();
});

describe.each([
  ["TypeScript", "comets", []],
  ["Python", "moons", ["--python"]],
])("a plugin in %s", (language, name, flags) => {
  const folder = `./tljh-${name}`;

  test("is made with a folder that works at once", async () => {
    const made = await must("tljh", "plugin", "new", name, ...flags);
    expect(made).toContain(`Made tljh-${name}, a plugin in ${language}`);
    for (const command of [`tljh plugin check ${folder}`, `tljh plugin test ${folder}`])
      expect(made).toContain(`  ${command}\n`);
  });

  test("is checked without a trace, with what it would change on this server", async () => {
    const before = [
      await must("tljh", "plan"),
      await must("ls", "-RA", "/opt/tljh/plugins", folder),
    ];
    const report = await must("tljh", "plugin", "check", folder);
    expect(report).toContain(`${name} 0.1.0, in ${language}`);
    expect(report).toContain("c.Spawner.environment =");
    expect(report).toMatch(/What sudo tljh apply would do besides, with it:\n {2}Plugins/);
    expect(report).toContain("No problems.");
    const after = [
      await must("tljh", "plan"),
      await must("ls", "-RA", "/opt/tljh/plugins", folder),
    ];
    expect(after).toEqual(before);
    expect(await must("ls", "/tmp")).not.toContain("tljh-check-");
  });

  test("has tests that pass, and fail when it is changed", async () => {
    expect((await run("tljh", "plugin", "test", folder)).exitCode).toBe(0);
    await must("cp", "-r", folder, `${folder}-changed`);
    const files = `${folder}-changed/tljh_${name}`;
    await must("sh", "-c", `sed -i s/tqdm/dask/ ${files}.ts ${files}.py 2>/dev/null || true`);
    expect((await run("tljh", "plugin", "test", `${folder}-changed`)).exitCode).toBe(1);
  });

  test("is installed as it is, and works", async () => {
    await must("tljh", "install", "--plugin", folder);
    const plugins = JSON.parse(await must("tljh", "plugin", "list", "--json"));
    expect(JSON.stringify(plugins)).toContain(`"${name}"`);
    const doctor = await run("tljh", "doctor");
    expect(doctor.stdout).toContain(`tljh-${name} is loaded`);
    expect(await must("tljh", "plan")).toContain("Nothing to do");
  });
});

test("somebody who is not root can make, check and test a plugin", async () => {
  const as = ["runuser", "-u", "nobody", "--", "env", "HOME=/tmp"];
  await must(...as, "tljh", "plugin", "new", "dust");
  expect(await must(...as, "tljh", "plugin", "check", "./tljh-dust")).toContain("No problems.");
  await must(...as, "tljh", "plugin", "test", "./tljh-dust");
});

test("a problem is named with its file and line, and the exit code says so", async () => {
  const file = `${WORKSHOP}/tljh-comets/tljh_comets.ts`;
  const source = await under.server.readFile(file);
  await under.server.writeFile(file, source.replace(`() => ["tqdm"]`, `() => "tqdm" as never`));
  const { exitCode, stdout } = await run("tljh", "plugin", "check", "./tljh-comets");
  expect(exitCode).toBe(1);
  expect(stdout).toContain("PLUGIN_RESULT_NOT_A_LIST");
  expect(stdout).toMatch(/at: tljh-comets\/tljh_comets\.ts:\d+\n/);
});

test("the types that a new plugin's editor looks for are there", async () => {
  const config = await under.server.readFile(`${WORKSHOP}/tljh-comets/tsconfig.json`);
  expect(config).toContain("/opt/tljh/app/sdk/*.d.ts");
  await must("test", "-f", "/opt/tljh/app/sdk/hooks.d.ts");
});
