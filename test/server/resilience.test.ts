import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

const UNITS = ["jupyterhub.service", "tljhd.service", "tljh-proxy.service"] as const;

describe("a server with a running kernel", () => {
  let under: ServerUnderTest;
  let admin: HubUser;

  const show = async (unit: string, property: string) =>
    (await under.server.must(["systemctl", "show", "--value", "-p", property, unit])).trim();
  const hubAnswers = async () =>
    (await admin.client.request("/hub/api").catch(() => ({ status: 0 }))).status === 200;

  /** Kills a unit's main process as the kernel's out-of-memory killer would, and waits until it is back. */
  async function killAndWait(unit: string): Promise<void> {
    const before = await show(unit, "MainPID");
    await under.server.must(["systemctl", "kill", "--signal=KILL", "--kill-whom=main", unit]);
    await eventually(`${unit} is back`, async () => {
      const [pid, state] = [await show(unit, "MainPID"), await show(unit, "ActiveState")];
      return state === "active" && pid !== before && pid !== "0" && (await hubAnswers());
    });
  }

  beforeAll(async () => {
    under = await serverForTests();
    const { name, password } = under.installed.admin;
    admin = under.user(name);
    await admin.login(password);
    await admin.startServer();
  });

  test.each(["jupyterhub.service", "tljhd.service"])(
    "kill -9 of %s interrupts neither the user's server nor an open kernel",
    async (unit) => {
      await using kernel = await admin.openKernel();
      await kernel.run("x = 41");
      const server = await show("jupyter-admin.service", "MainPID");
      await killAndWait(unit);
      expect(await show("jupyter-admin.service", "MainPID")).toBe(server);
      expect((await kernel.run("x + 1")).value).toBe("42");
    },
  );

  test("kill -9 of the proxy ends connections only: it knows its routes at once, the kernel lives on", async () => {
    await using _kernel = await admin.openKernel();
    const kernels = () => under.server.must(["pgrep", "-f", "ipykernel_launcher"]);
    const before = await kernels();
    await killAndWait("tljh-proxy.service");
    expect(await kernels()).toBe(before);
    expect(await admin.runInKernel("print(6 * 7)")).toBe("42\n");
  });

  test("a hub that was killed still knows the user's server", async () => {
    await killAndWait("jupyterhub.service");
    const user = JSON.parse((await admin.api("users/admin")).body) as { server: string | null };
    expect(user.server).toBe("/user/admin/");
  });

  test("the installer again finds nothing to do and restarts nothing", async () => {
    const started = async () =>
      Promise.all(
        [...UNITS, "jupyter-admin.service"].map((unit) =>
          show(unit, "ExecMainStartTimestampMonotonic"),
        ),
      );
    const before = await started();
    const output = await under.server.must(["/root/tljh/bin/tljh", "install"]);
    expect(output).toContain("Nothing to do");
    expect(await started()).toEqual(before);
  });
});
