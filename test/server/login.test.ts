import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fieldOf, textOf } from "../support/hub.ts";
import { type HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

let under: ServerUnderTest;

beforeAll(async () => {
  under = await serverForTests();
});

describe("logging in", () => {
  test("the administrator is let in with the password of the installation", async () => {
    const { name, password } = under.installed.admin;
    const admin = under.user(name);
    expect((await admin.login(password)).ok).toBe(true);
    expect(JSON.parse((await admin.api("user")).body)).toMatchObject({ name, admin: true });
  });

  test("a wrong password is refused, and the page says so", async () => {
    const { ok, message } = await under.user("admin").login("not-the-password");
    expect({ ok, message }).toEqual({ ok: false, message: "Invalid username or password" });
  });

  test("whoever the administrator has not added is refused as with a wrong password", async () => {
    const { ok, message } = await under.user("nobody-knows").login("a-fine-password");
    expect({ ok, message }).toEqual({ ok: false, message: "Invalid username or password" });
  });

  test("an empty password is refused", async () => {
    expect((await under.user("admin").login("")).ok).toBe(false);
  });

  test("without a login every page of the hub leads to the login page", async () => {
    const answer = await under.user("admin").client.follow("/user/admin/lab");
    expect(answer.url.pathname).toBe("/hub/login");
  });

  test("a new user's first password needs 7 characters, and the page says so", async () => {
    const { ok, message } = await under.user(await under.addUser()).login("6chars");
    expect(ok).toBe(false);
    expect(message).toContain("at least 7 characters");
  });

  test("a new user's first password is theirs from then on", async () => {
    const name = await under.addUser();
    expect((await under.user(name).login("7-chars")).ok).toBe(true);
    expect((await under.user(name).login("another-one")).ok).toBe(false);
    expect((await under.user(name).login("7-chars")).ok).toBe(true);
  });

  test("a password is compared letter by letter", async () => {
    const name = await under.addUser();
    expect((await under.user(name).login("pässword ")).ok).toBe(true);
    for (const other of ["PÄSSWORD ", "pässword", "pässword  "])
      expect((await under.user(name).login(other)).ok).toBe(false);
  });
});

describe("the page that changes a password", () => {
  const PATH = "/hub/auth/change-password";
  let student: HubUser;

  async function change(password: string, repeated = password) {
    const page = await student.client.follow(PATH);
    const body = new URLSearchParams({
      _xsrf: fieldOf(page.body, "_xsrf") ?? "",
      password,
      password_repeated: repeated,
    });
    return student.client.request(PATH, { method: "POST", body });
  }

  beforeAll(async () => {
    student = await under.student();
  });

  test("makes the new password count, and the old one no longer", async () => {
    const answer = await change("a-new-password");
    expect(answer.status).toBe(200);
    expect(textOf(answer.body)).toContain("Your password has been changed successfully!");
    expect((await under.user(student.username).login("first-use")).ok).toBe(false);
    expect((await under.user(student.username).login("a-new-password")).ok).toBe(true);
  });

  test("refuses a short password", async () => {
    const answer = await change("short");
    expect(answer.status).toBe(400);
    expect(textOf(answer.body)).toContain("at least 7 characters");
  });

  test("refuses two passwords that differ", async () => {
    const answer = await change("one-password", "other-password");
    expect(answer.status).toBe(400);
    expect(textOf(answer.body)).toContain("The two passwords differ!");
  });

  test("refuses a form that another site sends", async () => {
    const body = new URLSearchParams({ password: "of-the-attacker" });
    expect((await student.client.request(PATH, { method: "POST", body })).status).toBe(403);
  });

  test("is closed to whoever is not logged in", async () => {
    const answer = await under.user("nobody").client.follow(PATH);
    expect(answer.url.pathname).toBe("/hub/login");
  });
});

describe("a user's server", () => {
  const UNIT = "jupyter-admin.service";
  let admin: HubUser;
  let student: HubUser;
  let unitOfStudent: string;

  beforeAll(async () => {
    await under.config("set", "limits.memory", "1G");
    await under.config("set", "limits.cpu", "0.5");
    await under.config("reload");
    admin = await under.admin();
    student = await under.student();
    unitOfStudent = `jupyter-${student.username}.service`;
    await admin.stopServer().catch(() => {});
    await Promise.all([admin.startServer(), student.startServer()]);
  });
  afterAll(async () => {
    await Promise.all([admin.stopServer(), student.stopServer()]);
    await under.config("unset", "limits");
    await under.config("reload");
  });

  test("is a unit of its own, run by the account jupyter-<name>", async () => {
    expect(await under.show(UNIT, "Transient")).toBe("yes");
    const pid = await under.show(UNIT, "MainPID");
    expect(await under.server.must(["ps", "-o", "user:32=", "-p", pid])).toBe("jupyter-admin\n");
    expect(await under.server.readFile(`/proc/${pid}/cgroup`)).toContain(UNIT);
  });

  test("has the memory and processor that config.yaml allows", async () => {
    for (const unit of [UNIT, unitOfStudent]) {
      expect(await under.show(unit, "MemoryMax")).toBe(String(2 ** 30));
      expect(await under.show(unit, "CPUQuotaPerSecUSec")).toBe("500ms");
    }
  });

  test("has a /tmp of its own", async () => {
    expect(await under.show(UNIT, "PrivateTmp")).toBe("yes");
    await admin.runInKernel("open('/tmp/of-the-admin', 'w').close()");
    expect((await under.server.run(["test", "-e", "/tmp/of-the-admin"])).exitCode).toBe(1);
    const seen = await student.runInKernel("import os; print(os.path.exists('/tmp/of-the-admin'))");
    expect(seen).toBe("False\n");
  });

  test("of an administrator may use sudo", async () => {
    expect(await under.show(UNIT, "NoNewPrivileges")).toBe("no");
    const code =
      "import subprocess; print(subprocess.check_output(['sudo', '-n', 'id', '-u'], text=True))";
    expect((await admin.runInKernel(code)).trim()).toBe("0");
  });

  test("of anybody else can never gain rights", async () => {
    expect(await under.show(unitOfStudent, "NoNewPrivileges")).toBe("yes");
    const code =
      "import subprocess; print(subprocess.run(['sudo', '-n', 'id', '-u'], capture_output=True).returncode)";
    expect((await student.runInKernel(code)).trim()).toBe("1");
  });

  test("starts in the user's home, which no other user can enter", async () => {
    expect(await admin.runInKernel("import os; print(os.getcwd())")).toBe("/home/jupyter-admin\n");
    expect(await under.server.must(["stat", "-c", "%A", "/home/jupyter-admin"])).toMatch(/---\n$/);
    const look =
      "import os\ntry: print(os.listdir('/home/jupyter-admin'))\nexcept PermissionError: print('closed')";
    expect(await student.runInKernel(look)).toBe("closed\n");
  });

  test("has a token that stands in no process list and in no property of its unit", async () => {
    const pid = await under.show(UNIT, "MainPID");
    const environment = await under.server.readFile(`/proc/${pid}/environ`);
    const token = /(?:^|\0)JUPYTERHUB_API_TOKEN=([^\0]+)/.exec(environment)?.[1] ?? "";
    expect(token).toMatch(/^[0-9a-f]{32,}$/);
    const commands = await under.server.must(["sh", "-c", "cat /proc/[0-9]*/cmdline"]);
    expect(commands).not.toContain(token);
    expect(await under.server.must(["systemctl", "show", UNIT])).not.toContain(token);
  });

  test("leaves no file with its environment once it has started", async () => {
    const { stdout } = await under.server.run(["find", "/run/tljh", "-type", "f"]);
    expect(stdout).toBe("");
  });

  test("is reached by its user alone", async () => {
    const answer = await student.client.follow("/user/admin/api/contents");
    expect(answer.status).toBe(403);
  });
});
