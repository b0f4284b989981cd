import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReportedFailure } from "../../packages/tljh/src/plugins/reports.ts";
import {
  eventually,
  type HubUser,
  installedCopy,
  type ServerUnderTest,
  serverForTests,
} from "../support/index.ts";

/** Lines of a file that are about one account. */
async function linesAbout(under: ServerUnderTest, file: string, account: string) {
  const { stdout } = await under.server.run(["cat", file]);
  return stdout.split("\n").filter((line) => line.endsWith(` ${account}`));
}

/** The environment of a user's running server. */
async function environmentOf(under: ServerUnderTest, account: string) {
  const pid = await under.show(`${account}.service`, "MainPID");
  const text = await under.server.readFile(`/proc/${pid}/environ`);
  return Object.fromEntries(text.split("\0").map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

describe("on a server with a plugin in each language", () => {
  const removed = [
    ["TypeScript", "/opt/tljh/state/test_new_user_create_ts-removed"],
    ["Python", "/opt/tljh/state/test_user_removed_python"],
  ] as const;
  let under: ServerUnderTest;
  let student: HubUser;
  let account: string;

  beforeAll(async () => {
    under = await serverForTests();
    student = await under.student();
    account = `jupyter-${student.username}`;
    await student.startServer();
  });

  test("nothing is reported of plugins that work", async () => {
    const { stdout } = await under.server.run([
      "cat",
      "/opt/tljh/state/plugin-reports/daemon.json",
    ]);
    expect(stdout === "" ? [] : JSON.parse(stdout).failures).toEqual([]);
  });

  test.each(["TLJH_SIMPLEST_TS_SPAWN", "TLJH_SIMPLEST_PYTHON_SPAWN"])(
    "a user's server has %s, which a plugin has set before it started",
    async (name) => {
      const environment = await environmentOf(under, account);
      expect(environment[name]).toBe(account);
      expect(environment).toHaveProperty("JUPYTERHUB_API_TOKEN");
    },
  );

  test("kernels have them too", async () => {
    const code = 'import os; print(os.environ["TLJH_SIMPLEST_TS_SPAWN"])';
    expect(await student.runInKernel(code)).toBe(`${account}\n`);
  });

  test("a user who is removed from the hub is told of once, in both languages", async () => {
    await student.stopServer();
    const admin = await under.admin();
    await admin.api(`users/${student.username}`, { method: "DELETE" });
    for (const [, file] of removed) expect(await linesAbout(under, file, account)).toHaveLength(1);
    await under.server.must(["id", account]);
  });

  test("of one who never had a server nobody is told", async () => {
    const name = await under.addUser();
    await (await under.admin()).api(`users/${name}`, { method: "DELETE" });
    for (const [, file] of removed)
      expect(await linesAbout(under, file, `jupyter-${name}`)).toEqual([]);
  });

  test("whoever is there again under the same name is no new user", async () => {
    await under.student(student.username).then((again) => again.startServer());
    const created = "/opt/tljh/state/test_new_user_create_python";
    expect(await linesAbout(under, created, account)).toHaveLength(1);
  });
});

/** A plugin that fails in every hook about users, and in the hub's as `/srv/trouble` says. */
const TROUBLE = `
import os
from tljh.hooks import hookimpl

def mood():
    try:
        with open("/srv/trouble") as file:
            return file.read()
    except FileNotFoundError:
        return ""

@hookimpl
def tljh_custom_jupyterhub_config(c):
    c.JupyterHub.template_vars = {"announcement": "from trouble"}
    if mood() == "throw":
        raise RuntimeError("in a bad mood")
    if mood() == "wrong":
        c.JupyterHub.concurrent_spawn_limit = "many"
    if mood() == "exit":
        os._exit(3)

@hookimpl
def tljh_new_user_create(username):
    raise RuntimeError("no quota today")

@hookimpl
def tljh_pre_spawn(username, environment):
    environment["TROUBLE"] = "1"
    environment["NOT A NAME"] = "1"
    environment["JUPYTERHUB_API_TOKEN"] = "mine"

@hookimpl
def tljh_user_removed(username):
    os._exit(3)
`;

const SETUP = `
from setuptools import setup
setup(name="tljh-trouble", version="1.0", py_modules=["tljh_trouble"],
      entry_points={"tljh": ["trouble = tljh_trouble"]})
`;

describe("on a server with a plugin that fails", () => {
  let under: ServerUnderTest;
  let student: HubUser;

  const report = async (who: string) => {
    const text = await under.server.readFile(`/opt/tljh/state/plugin-reports/${who}.json`);
    return (JSON.parse(text) as { failures: ReportedFailure[] }).failures;
  };
  const failure = async (who: string, hook: string) => {
    const found = await report(who);
    return found.find((one) => one.plugin === "trouble" && one.hook === hook);
  };
  const restartHub = async (mood: string) => {
    await under.server.writeFile("/srv/trouble", mood);
    await under.server.must(["systemctl", "restart", "jupyterhub"]);
    await eventually("the hub answers", async () => {
      const { exitCode } = await under.server.run(["curl", "-sf", "http://127.0.0.1/hub/api"]);
      return exitCode === 0;
    });
  };
  const announcement = async () => {
    const page = await under.user("nobody").client.follow("/hub/login");
    return page.body.includes("from trouble");
  };

  beforeAll(async () => {
    under = await installedCopy();
    await under.server.writeFile("/root/tljh-trouble/tljh_trouble.py", TROUBLE);
    await under.server.writeFile("/root/tljh-trouble/setup.py", SETUP);
    const channel = (name: string) => `file:///srv/channels/${name}`;
    await under.server.must(["tljh", "install", "--plugin", "/root/tljh-trouble"], {
      env: {
        PIP_INDEX_URL: under.sources.index,
        TLJH_SIMPLEST_CHANNEL: channel("ruamel.yaml"),
        TLJH_SIMPLEST_PYTHON_CHANNEL: channel("pluggy"),
      },
    });
    student = await under.student();
    await student.startServer();
  });
  afterAll(() => under?.server.destroy());

  test("a new user gets an account and a server all the same, and the report names plugin and cause", async () => {
    expect(await student.runInKernel("print(6 * 7)")).toBe("42\n");
    expect(await failure("daemon", "tljh_new_user_create")).toMatchObject({
      message: expect.stringContaining("no quota today"),
    });
  });

  test("of its environment the server has what can be passed on, and the report says what cannot", async () => {
    const environment = await environmentOf(under, `jupyter-${student.username}`);
    expect(environment.TROUBLE).toBe("1");
    expect(environment.JUPYTERHUB_API_TOKEN).not.toBe("mine");
    expect(environment).not.toHaveProperty("NOT A NAME");
    expect(await failure("daemon", "tljh_pre_spawn")).toMatchObject({
      code: "PLUGIN_ENVIRONMENT_REFUSED",
      message: expect.stringContaining('"NOT A NAME"'),
    });
  });

  test("the other plugins were told, also when it ended their process", async () => {
    await student.stopServer();
    const admin = await under.admin();
    await admin.api(`users/${student.username}`, { method: "DELETE" });
    const account = `jupyter-${student.username}`;
    const file = "/opt/tljh/state/test_new_user_create_ts-removed";
    expect(await linesAbout(under, file, account)).toHaveLength(1);
    expect(await failure("daemon", "tljh_user_removed")).toBeDefined();
  });

  test("while all is well in it the hub has its settings, and an empty report", async () => {
    await restartHub("well");
    expect(await announcement()).toBe(true);
    expect(await report("hub")).toEqual([]);
  });

  test("the hub starts without it when it throws, and the report names it", async () => {
    await restartHub("throw");
    expect(await announcement()).toBe(false);
    expect(await report("hub")).toMatchObject([
      { plugin: "trouble", message: expect.stringContaining("in a bad mood") },
    ]);
  });

  test("the hub starts without it when JupyterHub would refuse what it sets", async () => {
    await restartHub("wrong");
    expect(await announcement()).toBe(false);
    expect(await report("hub")).toMatchObject([
      { plugin: "trouble", message: expect.stringContaining("not the str 'many'") },
    ]);
  });

  test("the hub starts without it when it has ended the hub, and the report names it", async () => {
    await restartHub("exit");
    expect(await announcement()).toBe(false);
    expect(await report("hub")).toMatchObject([{ plugin: "trouble", code: "PLUGIN_HUB_ENDED" }]);
    const student = await under.student();
    await student.startServer();
    expect(await environmentOf(under, `jupyter-${student.username}`)).toHaveProperty(
      "TLJH_SIMPLEST_PYTHON_SPAWN",
    );
  });

  test("it takes part again once it has been mended", async () => {
    await restartHub("well");
    expect(await report("hub")).toMatchObject([{ code: "PLUGIN_HUB_ENDED" }]);
    await under.server.must([
      "sh",
      "-c",
      "touch /opt/tljh/hub/lib/python3*/site-packages/tljh_trouble.py",
    ]);
    await restartHub("well");
    expect(await announcement()).toBe(true);
    expect(await report("hub")).toEqual([]);
  });
});
