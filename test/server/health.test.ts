import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { installedCopy, type ServerUnderTest, serverForTests } from "../support/index.ts";

const CONFIG = "/opt/tljh/config/config.yaml";

interface Finding {
  readonly status: string;
  readonly message: string;
  readonly remedy?: string;
}

interface Doctor {
  readonly status: string;
  readonly checks: readonly { readonly id: string; readonly findings: readonly Finding[] }[];
}

describe("a server that is well", () => {
  let under: ServerUnderTest;
  beforeAll(async () => {
    under = await serverForTests();
  });

  test("is said to be so by tljh status, with what runs on it", async () => {
    const student = await under.student();
    await student.startServer();
    const { exitCode, stdout } = await under.server.run(["tljh", "status", "--json"]);
    const status = JSON.parse(stdout) as Record<string, unknown>;
    expect(status).toMatchObject({ ok: true, problems: [] });
    expect(exitCode).toBe(0);
    expect(status.plugins).toEqual(["simple", "simplest", "simplest-ts"]);
    expect(status.servers).toContain(`jupyter-${student.username}.service`);
    await student.stopServer();
    expect(await under.server.must(["tljh", "status"])).toMatch(
      /^Version .*JupyterHub +up since \d{4}-.*\n\nAll is well\.\n$/s,
    );
  });

  test("is said to be so by tljh doctor, which looks at everything and finds nothing to do", async () => {
    const { exitCode, stdout } = await under.server.run(["tljh", "doctor", "--plan", "--json"]);
    const { status, checks } = JSON.parse(stdout) as Doctor;
    const findings = checks.flatMap(({ findings }) => findings);
    expect(findings.filter((one) => one.status === "error")).toEqual([]);
    // The machine that runs the tests may be short of disk.
    const elsewhere = checks.filter(({ id }) => id !== "disk").flatMap(({ findings }) => findings);
    expect(elsewhere.filter((one) => one.status !== "ok")).toEqual([]);
    expect([exitCode, status === "error"]).toEqual([0, false]);
    const messages = findings.map(({ message }) => message).join("\n");
    expect(messages).toMatch(/The users' environment starts \(JupyterHub \d/);
    expect(messages).toContain(
      "JupyterHub answers through the proxy at http://127.0.0.1:80/hub/api",
    );
    expect(messages).toContain("simplest-ts: TypeScript plugins run");
    expect(messages).toContain("simplest: Python plugins run");
    expect(messages).toContain("The server is as it was asked to be");
  });
});

const BROKEN_PLUGIN = {
  "package.json": JSON.stringify({
    name: "tljh-scratch",
    version: "1.0.0",
    type: "module",
    tljh: { plugins: { scratch: "./scratch.ts" } },
  }),
  "scratch.ts": `import { existsSync } from "node:fs";
import { settings } from "tljh/hooks";
const scratch = settings("scratch", {
  folder: { type: "string", pattern: "^/", default: "/scratch", description: "Where students put large files." },
});
export const tljh_settings_schema = scratch.schema;
export const tljh_health_checks = scratch.hookimpl(({ settings: { folder } }) => {
  if (folder === "/throws") throw new Error("cannot look");
  if (folder === "/nonsense") return "fine" as never;
  return existsSync(folder)
    ? [{ name: "folder", status: "ok" as const, message: folder + " is there" }]
    : [{ name: "folder", status: "error" as const, message: folder + " is missing", remedy: "Make it: sudo mkdir " + folder }];
});
`,
};

describe("a server on which something is wrong", () => {
  let under: ServerUnderTest;
  const doctor = async () => {
    const { exitCode, stdout } = await under.server.run(["tljh", "doctor", "--json"]);
    const { checks } = JSON.parse(stdout) as Doctor;
    const findings = checks.flatMap(({ findings }) => findings);
    return { exitCode, wrong: findings.filter(({ status }) => status === "error") };
  };
  const status = () => under.server.run(["tljh", "status"]);

  beforeAll(async () => {
    under = await installedCopy();
  });
  afterAll(() => under.server.destroy());

  test("a stopped proxy is told with a remedy, which helps", async () => {
    await under.server.must(["systemctl", "stop", "tljh-proxy.service"]);
    const { exitCode, wrong } = await doctor();
    expect(exitCode).toBe(1);
    expect(wrong.map(({ message }) => message)).toEqual([
      "The proxy is not running: tljh-proxy.service is inactive",
      expect.stringContaining("JupyterHub runs, but does not answer through the proxy"),
    ]);
    const shown = await status();
    expect([shown.exitCode, shown.stdout]).toEqual([
      1,
      expect.stringMatching(/^Proxy +down \(inactive\)$.*^error +The proxy is not running/ms),
    ]);
    const remedy = /sudo (systemctl restart \S+\.service)/.exec(wrong[0]?.remedy ?? "")?.[1] ?? "";
    await under.server.must(remedy.split(" "));
    await eventually("all is well again", async () => (await doctor()).exitCode === 0);
    expect(await status()).toMatchObject({ exitCode: 0 });
  });

  test("what a plugin looks after is told, whether it is missing or the plugin fails", async () => {
    await under.server.must(["mkdir", "-p", "/root/tljh-scratch"]);
    for (const [name, text] of Object.entries(BROKEN_PLUGIN))
      await under.server.writeFile(`/root/tljh-scratch/${name}`, text);
    await under.server.must(["/root/tljh/bin/tljh", "install", "--plugin", "/root/tljh-scratch"]);
    expect(await doctor()).toMatchObject({
      exitCode: 1,
      wrong: [
        {
          message: "scratch: folder: /scratch is missing",
          remedy: "Make it: sudo mkdir /scratch",
        },
      ],
    });
    expect(await status()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("scratch: folder: /scratch is missing"),
    });
    await under.config("set", "scratch.folder", "/srv");
    expect(await doctor()).toMatchObject({ exitCode: 0, wrong: [] });
    await under.config("set", "scratch.folder", "/throws");
    const [thrown] = (await doctor()).wrong;
    expect(thrown?.message).toMatch(/scratch failed in tljh_health_checks.*cannot look/s);
    await under.config("set", "scratch.folder", "/nonsense");
    const [nonsense] = (await doctor()).wrong;
    expect(nonsense?.message).toBe(
      'Plugin scratch answered tljh_health_checks with "fine", not with a list',
    );
  });

  test("a plugin's settings are checked, and a slip made by hand keeps the hub from nothing", async () => {
    const refused = await under.server.run(["tljh-config", "set", "scratch.folder", "here"]);
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringContaining('scratch.folder is "here", but must be text that matches ^/'),
    ]);
    const text = (await under.server.readFile(CONFIG)).replace("/nonsense", "here");
    await under.server.writeFile(CONFIG, text, "0600");
    const shown = await status();
    expect([shown.exitCode, shown.stdout]).toEqual([
      1,
      expect.stringMatching(
        /warning scratch\.folder is "here".*until then the plugin works with its default\n.*scratch: folder: \/scratch is missing/s,
      ),
    ]);
    const { stderr } = await under.server.run(["tljh-config", "reload"]);
    expect(stderr).toContain('note: scratch.folder is "here"');
    const applied = await under.server.run(["tljh", "apply"]);
    expect([applied.exitCode, applied.stderr]).toEqual([
      1,
      expect.stringMatching(/scratch\.folder is "here", but must be .* \(line \d+\)/),
    ]);
  });
});
