import { afterAll, beforeAll, expect, test } from "vitest";
import {
  eventually,
  type HubUser,
  type ServerUnderTest,
  serverForTests,
} from "../support/index.ts";

/** Seconds without activity after which a server is stopped here. */
const TIMEOUT = 3;

let under: ServerUnderTest;
let before: string;
let idle: HubUser;

const isKnown = async (name: string) => {
  const admin = await under.admin();
  return (await admin.client.request(`/hub/api/users/${name}`)).status === 200;
};

beforeAll(async () => {
  under = await serverForTests();
  before = await under.config("show");
  idle = await under.student();
  await idle.startServer();
});
afterAll(() => under.server.writeFile("/opt/tljh/config/config.yaml", before, "0600"));

test("a server that is idle for as long as config.yaml says is stopped, without a reload", async () => {
  const unit = `jupyter-${idle.username}.service`;
  expect(await under.show(unit, "ActiveState")).toBe("active");
  await under.config("set", "services.cull.timeout", String(TIMEOUT));
  await under.config("set", "services.cull.every", "1");
  await eventually("the idle server is stopped", async () => {
    return (await under.show(unit, "ActiveState")) === "inactive";
  });
  expect(await isKnown(idle.username)).toBe(true);
});

test("with services.cull.users the user is removed from the hub too, and the account stays", async () => {
  await under.config("set", "services.cull.users", "true");
  await eventually("the idle user is removed", async () => !(await isKnown(idle.username)));
  await under.server.must(["id", `jupyter-${idle.username}`]);
});

test("with services.cull.enabled false nothing is stopped", async () => {
  await under.config("set", "services.cull.enabled", "false");
  const student = await under.student();
  await student.startServer();
  await new Promise((resolve) => setTimeout(resolve, (TIMEOUT + 1.5) * 1000));
  expect(await under.show(`jupyter-${student.username}.service`, "ActiveState")).toBe("active");
  await student.stopServer();
});
