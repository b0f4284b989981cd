import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

const LONG_NAME = "somebody-with-a-name-of-sixty-letters-and-digits-0123456789-0";

let under: ServerUnderTest;
let teacher: HubUser;
let member: HubUser;
let long: HubUser;
let before: string;

const groupsOf = async (account: string) =>
  (await under.server.must(["id", "-nG", account])).trim().split(" ").toSorted();

beforeAll(async () => {
  under = await serverForTests();
  before = await under.config("show");
  await under.server.must(["groupadd", "some-group"]);
  await under.config("add-item", "users.admin", "a-teacher");
  await under.config("add-item", "users.admin", "12345");
  await under.config("add-item", "users.extra_user_groups.some-group", "a-member");
  await under.config("reload");
  teacher = under.user("a-teacher");
  await teacher.login("a-teachers-password");
  member = await under.student("a-member");
  long = await under.student(LONG_NAME);
  await Promise.all([teacher, member, long].map((user) => user.startServer()));
});
afterAll(async () => {
  await Promise.all([member, long].map((user) => user.stopServer()));
  await under.server.writeFile("/opt/tljh/config/config.yaml", before, "0600");
  await under.config("reload");
});

describe("the account of a user", () => {
  test("is made at the first start of the server, not before", async () => {
    const name = await under.addUser();
    expect((await under.server.run(["id", `jupyter-${name}`])).exitCode).toBe(1);
    await under.server.must(["id", "jupyter-a-member"]);
  });

  test("has a home of its own, closed to others, and a shell", async () => {
    const passwd = (await under.server.must(["getent", "passwd", "jupyter-a-member"])).trim();
    expect(passwd.split(":").slice(5)).toEqual(["/home/jupyter-a-member", "/bin/bash"]);
    const home = await under.server.must(["stat", "-c", "%A %U", "/home/jupyter-a-member"]);
    expect(home).toMatch(/^drwx...--- jupyter-a-member\n$/);
  });

  test("cannot be logged in to with a password", async () => {
    const status = await under.server.must(["passwd", "--status", "jupyter-a-member"]);
    expect(status).toMatch(/^jupyter-a-member L /);
  });

  test("is in the group of users, and in the groups that config.yaml gives it", async () => {
    expect(await groupsOf("jupyter-a-member")).toEqual([
      "jupyter-a-member",
      "jupyterhub-users",
      "some-group",
    ]);
  });

  test("of a long name is cut at 26 characters and ends in 5 digits of its hash", async () => {
    const whole = `jupyter-${LONG_NAME}`;
    const digits = createHash("sha256").update(whole).digest("hex").slice(0, 5);
    const account = `${whole.slice(0, 26)}-${digits}`;
    expect(await groupsOf(account)).toContain("jupyterhub-users");
    const printed = await long.runInKernel("import getpass; print(getpass.getuser())");
    expect(printed).toBe(`${account}\n`);
  });
});

describe("administrators in config.yaml", () => {
  test("are administrators of the hub, in the group of sudo", async () => {
    expect(JSON.parse((await teacher.api("user")).body)).toMatchObject({ admin: true });
    expect(await groupsOf("jupyter-a-teacher")).toContain("jupyterhub-admins");
  });

  test("whose name is a number are known by it", async () => {
    const admin = await under.admin();
    const user = JSON.parse((await admin.api("users/12345")).body) as { admin: boolean };
    expect(user.admin).toBe(true);
  });

  test("lose sudo with the next start of their server once they are none any more", async () => {
    const admin = await under.admin();
    await admin.api("users/a-teacher", { method: "PATCH", body: { admin: false } });
    await teacher.stopServer();
    await teacher.startServer();
    expect(await groupsOf("jupyter-a-teacher")).toEqual(["jupyter-a-teacher", "jupyterhub-users"]);
    expect(await under.show("jupyter-a-teacher.service", "NoNewPrivileges")).toBe("yes");
    await teacher.stopServer();
  });
});
