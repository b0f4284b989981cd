import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

const CONFIG = "/opt/tljh/config/config.yaml";

let under: ServerUnderTest;
let before: string;

const read = () => under.server.readFile(CONFIG);
const write = (text: string) => under.server.writeFile(CONFIG, text, "0600");
/** As `under.config`, for what may fail. */
const attempt = (...args: readonly string[]) => under.server.run(["tljh-config", ...args]);

beforeAll(async () => {
  under = await serverForTests();
  before = await read();
});
afterAll(async () => {
  await write(before);
  await under.config("reload");
});

describe("tljh-config", () => {
  const COMMENTED = `# who looks after this server
users:
  admin: [admin]   # the teacher

limits:
  memory: 2G # per user
`;

  beforeAll(() => write(COMMENTED));
  afterAll(() => write(before));

  test("shows the file as it stands, comments and all", async () => {
    expect(await under.config("show")).toBe(COMMENTED);
  });

  test("changes what it is asked to, and no byte besides", async () => {
    await under.config("set", "limits.memory", "1G");
    await under.config("add-item", "users.admin", "alice");
    expect(await read()).toBe(COMMENTED.replace("2G", "1G").replace("[admin]", "[admin, alice]"));
    await under.config("remove-item", "users.admin", "alice");
    await under.config("set", "limits.memory", "2G");
    expect(await read()).toBe(COMMENTED);
  });

  test("removes with a key the parents that became empty", async () => {
    await under.config("unset", "limits.memory");
    expect(await read()).not.toContain("limits");
    expect(await read()).toContain("# the teacher");
    await write(COMMENTED);
  });

  test("fails for what is not there, with exit code 1 and the key", async () => {
    const unset = await attempt("unset", "limits.cpu");
    expect(unset).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unset.stderr).toContain("limits.cpu does not exist in config!");
    const remove = await attempt("remove-item", "users.admin", "nobody");
    expect(remove.exitCode).toBe(1);
    expect(remove.stderr).toContain("nobody");
    expect(await read()).toBe(COMMENTED);
  });

  test("refuses a value that the hub could not start with, and says which", async () => {
    const { exitCode, stderr } = await attempt("set", "limits.memory", "banana");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("banana");
    expect(await read()).toBe(COMMENTED);
  });

  test("leaves the file to root alone, and no other file beside it", async () => {
    await under.config("set", "limits.memory", "3G");
    await write(COMMENTED);
    const files = await under.server.must(["sh", "-c", "cd /opt/tljh/config && stat -c '%a %n' *"]);
    expect(files.trim().split("\n").toSorted()).toEqual([
      "600 config.yaml",
      "600 config.yaml.lock",
      "600 plugins.lock.json",
      "700 jupyterhub_config.d",
    ]);
  });

  test("tells who is not root to use sudo", async () => {
    const { exitCode, stderr } = await under.server.run(["tljh-config", "show"], {
      user: "nobody",
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("tljh-config needs root privileges to run");
    expect(stderr).toContain("what to do: Try using sudo");
  });

  test("without a command prints its usage", async () => {
    const { stdout } = await attempt();
    expect(stdout).toMatch(/^usage: tljh-config .*\{show,unset,set,add-item,remove-item,reload\}/);
  });
});

describe("tljh-config reload", () => {
  let running: HubUser;
  let next: HubUser;

  beforeAll(async () => {
    [running, next] = [await under.student(), await under.student()];
    await running.startServer();
  });
  afterAll(() => Promise.all([running.stopServer(), next.stopServer()]));

  test("reaches the next server's unit while a running kernel lives on", async () => {
    await using kernel = await running.openKernel();
    await kernel.run("x = 41");
    const unitOf = ({ username }: HubUser) => `jupyter-${username}.service`;
    const pid = await under.show(unitOf(running), "MainPID");
    await under.config("set", "limits.memory", "1G");
    expect(await under.config("reload")).toContain("Hub reload with new configuration complete");
    await next.startServer();
    expect(await under.show(unitOf(next), "MemoryMax")).toBe(String(2 ** 30));
    expect(await under.show(unitOf(running), "MemoryMax")).toBe("infinity");
    expect(await under.show(unitOf(running), "MainPID")).toBe(pid);
    expect(kernel.isOpen).toBe(true);
    expect((await kernel.run("x + 1")).value).toBe("42");
  });

  test("with a broken config.yaml fails with its line, and the hub goes on", async () => {
    const good = await read();
    const hub = await under.show("jupyterhub.service", "MainPID");
    await write(`${good}auth:\n  type: [dummy\n`);
    const { exitCode, stdout, stderr } = await attempt("reload");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("type: [dummy");
    expect(stderr).toMatch(/line \d+|config\.yaml:\d+/);
    expect(await under.show("jupyterhub.service", "MainPID")).toBe(hub);
    expect((await running.api("user")).status).toBe(200);
    await write(good);
  });

  test("with a snippet that is no Python fails with its line, and the hub goes on", async () => {
    const snippet = "/opt/tljh/config/jupyterhub_config.d/broken.py";
    const hub = await under.show("jupyterhub.service", "MainPID");
    await under.server.writeFile(snippet, "x = 1\nc.JupyterHub.does = = 1\n");
    const { exitCode, stderr } = await attempt("reload");
    await under.server.must(["rm", snippet]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/broken\.py.*line 2.*SyntaxError: invalid syntax/s);
    expect(await under.show("jupyterhub.service", "MainPID")).toBe(hub);
  });

  test("with a snippet that stops the hub tells the snippet and its error", async () => {
    const snippet = "/opt/tljh/config/jupyterhub_config.d/failing.py";
    await under.server.writeFile(snippet, "raise RuntimeError('the moon is wrong')\n");
    const { exitCode, stderr } = await attempt("reload");
    await under.server.must(["rm", snippet]);
    await under.config("reload");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("failing.py");
    expect(stderr).toContain("the moon is wrong");
  });

  test("applies a snippet of jupyterhub_config.d after everything else", async () => {
    const snippet = "/opt/tljh/config/jupyterhub_config.d/last.py";
    await under.server.writeFile(
      snippet,
      "c.Spawner.environment.update({'TLJH_SIMPLEST_TS': 'snippet'})\n",
    );
    await under.config("reload");
    await next.stopServer();
    await next.startServer();
    const printed = await next.runInKernel("import os; print(os.environ['TLJH_SIMPLEST_TS'])");
    await under.server.must(["rm", snippet]);
    expect(printed).toBe("snippet\n");
  });

  test("moves the hub to another base_url, and lets another authenticator decide", async () => {
    await under.config("set", "base_url", "/custom-base");
    await under.config("set", "auth.type", "dummy");
    await under.config("set", "auth.DummyAuthenticator.password", "everybody");
    await under.config("reload", "hub");
    await under.config("reload", "proxy");
    const user = new HubUser(`${under.address}custom-base/`, "whoever");
    expect((await user.login("something-else")).ok).toBe(false);
    expect((await user.login("everybody")).ok).toBe(true);
    await user.startServer();
    expect(await user.runInKernel("print(5 * 4)")).toBe("20\n");
    await user.stopServer();
    await write(before);
    await under.config("reload", "hub");
    await under.config("reload", "proxy");
    expect((await running.client.request("/hub/api")).status).toBe(200);
  });
});
