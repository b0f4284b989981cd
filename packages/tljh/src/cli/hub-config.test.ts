import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { readReport, toReport, writeReport } from "../plugins/reports.ts";
import { serverPaths } from "../system/paths.ts";

const program = join(import.meta.dirname, "main.ts");

function hubConfig(prefix: string, args: readonly string[], input = "") {
  const env = { TLJH_INSTALL_PREFIX: prefix };
  return execa(process.execPath, [program, "hub-config", ...args], { env, input, reject: false });
}

const folder = () => mkdtempSync(join(tmpdir(), "tljh-hub-config-"));

describe("tljh hub-config", () => {
  it("writes what JupyterHub is configured with, and warns of plugins that take no part", async () => {
    const paths = serverPaths(folder());
    const broken = { dependencies: { "tljh-broken": "file:x" } };
    for (const path of [paths.configFile, join(paths.plugins, "package.json"), paths.hubConfig])
      mkdirSync(dirname(path), { recursive: true });
    writeFileSync(paths.configFile, "base_url: /class\n");
    writeFileSync(join(paths.plugins, "package.json"), JSON.stringify(broken));
    const { exitCode, stderr } = await hubConfig(paths.prefix, []);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("tljh-broken")]);
    const { assignments } = JSON.parse(readFileSync(paths.hubConfig, "utf8"));
    expect(assignments).toContainEqual(
      expect.objectContaining({ class: "JupyterHub", trait: "base_url", value: "/class/" }),
    );
    expect(await readReport(paths.pluginReports, "hub-config")).toMatchObject([
      { plugin: "tljh-broken", hook: null, remedy: expect.any(String) },
    ]);
  });

  it("takes back the report of plugins that work again", async () => {
    const paths = serverPaths(folder());
    mkdirSync(dirname(paths.configFile), { recursive: true });
    writeFileSync(paths.configFile, "");
    await writeReport(paths.pluginReports, "hub-config", [toReport("a", null, new Error("x"))]);
    await hubConfig(paths.prefix, []);
    expect(await readReport(paths.pluginReports, "hub-config")).toEqual([]);
  });

  it("says what a configuration given to it means, and writes nothing", async () => {
    const prefix = join(folder(), "none");
    const config = JSON.stringify({ users: { admin: ["alice"] } });
    const { exitCode, stdout } = await hubConfig(prefix, ["--stdin"], config);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      assignments: expect.arrayContaining([
        expect.objectContaining({ class: "Authenticator", trait: "admin_users", value: ["alice"] }),
      ]),
    });
  });

  it("ends with 1 when config.yaml is wrong", async () => {
    const { exitCode, stderr } = await hubConfig(folder(), ["--stdin"], "limits: {memory: banana}");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("code: CONFIG_VALUE_INVALID")]);
  });
});
