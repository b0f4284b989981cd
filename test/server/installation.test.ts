import { beforeAll, describe, expect, test } from "vitest";
import { type ServerUnderTest, serverForTests } from "../support/index.ts";
import { ADMIN } from "../support/installed.ts";

const GROUPS = ["jupyterhub-admins", "jupyterhub-users"] as const;
const SERVICES = ["jupyterhub.service", "tljhd.service", "tljh-proxy.service"] as const;

let under: ServerUnderTest;
const must = (...argv: readonly string[]) => under.server.must(argv);

/** Runs a program as somebody who is in one group and in no other. */
const asMember = (group: string, ...argv: readonly string[]) =>
  under.server.run(["setpriv", "--reuid=nobody", `--regid=${group}`, "--clear-groups", ...argv], {
    env: { HOME: "/tmp/nobody" },
  });

beforeAll(async () => {
  under = await serverForTests();
});

describe("groups and sudo", () => {
  test.each(GROUPS)("there is a group %s", async (group) => {
    expect(await must("getent", "group", group)).toMatch(new RegExp(`^${group}:`));
  });

  test("sudo's configuration is without a mistake", async () => {
    expect(await must("visudo", "--check")).toContain(
      "/etc/sudoers.d/jupyterhub-admins: parsed OK",
    );
  });

  test("administrators become root without a password, and nobody else does", async () => {
    await must("useradd", "--groups", "jupyterhub-admins", "an-admin");
    await must("useradd", "--groups", "jupyterhub-users", "a-user");
    const idOfRoot = (user: string) => under.server.run(["sudo", "-n", "id", "-u"], { user });
    expect(await idOfRoot("an-admin")).toMatchObject({ exitCode: 0, stdout: "0\n" });
    expect((await idOfRoot("a-user")).exitCode).not.toBe(0);
    await must("userdel", "an-admin");
    await must("userdel", "a-user");
  });
});

describe("permissions", () => {
  test("state and configuration are root's alone", async () => {
    const modes = await must("stat", "-c", "%a %U %n", "/opt/tljh/state", "/opt/tljh/config");
    expect(modes).toBe("700 root /opt/tljh/state\n700 root /opt/tljh/config\n");
  });

  test("config.yaml and every file with a secret can be read by root alone", async () => {
    const files = "config/config.yaml state/passwords.json state/proxy.secret state/tljhd.secret";
    const paths = files.split(" ").map((file) => `/opt/tljh/${file}`);
    const modes = (await must("stat", "-c", "%a %U", ...paths)).trim().split("\n");
    expect(modes).toEqual(paths.map(() => "600 root"));
  });

  test("the administrator's password stands nowhere as it was given", async () => {
    const ours = ["config", "state", "plugins", "installer.log"].map((name) => `/opt/tljh/${name}`);
    const search = ["grep", "-rl", ADMIN.password, ...ours, "/etc", "/var/log"];
    expect(await under.server.run(search)).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test("installer.log belongs to root and has mode 0500", async () => {
    expect(await must("stat", "-c", "%a %U", "/opt/tljh/installer.log")).toBe("500 root\n");
  });

  test.each(GROUPS)(
    "the user environment is readable by %s and writable by none of it",
    async (group) => {
      const wrong = ["(", "-not", "-readable", "-o", "-writable", ")"];
      const { stdout } = await asMember(
        group,
        "find",
        "/opt/tljh/user",
        "-not",
        "-type",
        "l",
        ...wrong,
      );
      expect(stdout).toBe("");
      expect(Number(await must("sh", "-c", "find /opt/tljh/user | wc -l"))).toBeGreaterThan(1000);
    },
  );

  test.each(GROUPS)("nothing of the whole installation is writable by %s", async (group) => {
    const { stdout } = await asMember(
      group,
      "find",
      "/opt/tljh",
      "-not",
      "-type",
      "l",
      "-writable",
    );
    expect(stdout).toBe("");
  });

  test.each(GROUPS)("nothing in the state folder can be read by %s", async (group) => {
    const files = (await must("find", "/opt/tljh/state", "-mindepth", "1")).trim().split("\n");
    const { stdout } = await asMember(
      group,
      "sh",
      "-c",
      'for f; do test -r "$f" && echo "$f"; done',
      "sh",
      ...files,
    );
    expect(files.length).toBeGreaterThan(5);
    expect(stdout).toBe("");
  });

  test("pip install into the user environment fails for a plain user", async () => {
    const pip = ["/opt/tljh/user/bin/python", "-m", "pip", "install", "--no-user"];
    const { exitCode, stderr } = await asMember(
      "jupyterhub-users",
      ...pip,
      "--no-deps",
      "forge-probe",
    );
    expect(stderr).toContain("Permission denied");
    expect(exitCode).toBe(1);
  });
});

describe("services", () => {
  test.each([...SERVICES, "tljhd.socket"])("%s is enabled and active", async (unit) => {
    expect(await must("systemctl", "is-enabled", unit)).toBe("enabled\n");
    expect(await must("systemctl", "is-active", unit)).toBe("active\n");
  });

  test("no unit of the whole server has failed", async () => {
    expect(await must("systemctl", "list-units", "--failed", "--no-legend", "--plain")).toBe("");
  });

  test("port 80 is held by the proxy, which is not root", async () => {
    const pid = await under.show("tljh-proxy.service", "MainPID");
    expect(await must("ss", "-Hltnp", "sport = :80")).toContain(`pid=${pid},`);
    expect(Number(await must("ps", "-o", "euid=", "-p", pid))).toBeGreaterThan(0);
  });

  test("everything but the proxy listens on this machine's own address only", async () => {
    const lines = (await must("ss", "-Hltn")).trim().split("\n");
    const open = lines
      .map((line) => line.split(/\s+/)[3] ?? "")
      .filter((at) => !at.startsWith("127.0.0.1:"));
    expect(open).toEqual(["*:80"]);
  });

  test("the daemon's socket can be opened by root alone", async () => {
    expect(await must("stat", "-c", "%a %U %F", "/run/tljh/tljhd.sock")).toBe("600 root socket\n");
  });

  test("the proxy's own interface refuses whoever has no token", async () => {
    const ask = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"];
    expect(await must(...ask, "http://127.0.0.1:8099/api/routes")).toBe("403");
  });

  test("the hub tells its version to everybody", async () => {
    const { status, body } = await under.user("nobody").client.request("/hub/api");
    expect(status).toBe(200);
    expect((JSON.parse(body) as { version: string }).version).toMatch(/^5\.\d+/);
  });
});

describe("commands", () => {
  test("an administrator's sudo finds tljh-config", async () => {
    expect(await must("sudo", "tljh-config", "show")).toContain("users:\n  admin:\n");
    expect(await must("readlink", "/usr/bin/tljh-config")).toBe("/opt/tljh/app/bin/tljh-config\n");
  });

  test("tljh plan finds nothing to do", async () => {
    expect(await must("tljh", "plan")).toBe("Nothing to do: the server is as wanted.\n");
  });

  test("the installation's log tells each step with its time", async () => {
    const log = await under.server.readFile("/opt/tljh/installer.log");
    for (const title of ["Groups", "Hub environment", "User environment", "Services"])
      expect(log).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z .*${title}`, "m"));
  });
});

describe("environments", () => {
  const recordOf = async (name: string) => {
    const pattern = `cat /opt/tljh/user/conda-meta/${name}-[0-9]*.json`;
    return JSON.parse(await must("sh", "-c", pattern)) as Record<string, unknown>;
  };

  test("history tells conda what was asked for", async () => {
    const history = await under.server.readFile("/opt/tljh/user/conda-meta/history");
    expect(history).toMatch(
      /^==> \d{4}-\d\d-\d\d \d\d:\d\d:\d\d <==\n# cmd: tljh apply\n# conda version: \d/,
    );
    expect(history).toMatch(/^\+http:\/\/[^ ]+\/noarch::xarray-\d[^ ]*$/m);
    expect(history).toMatch(/^# update specs: \[.*'jupyterlab >=4,<5'.*'xarray'.*\]$/m);
  });

  test("a package that was asked for is recorded with its spec, as conda does", async () => {
    const record = await recordOf("xarray");
    expect(record.requested_spec).toBe("xarray");
    expect(record).toMatchObject({ name: "xarray", noarch: "python", link: { type: 1 } });
    expect(record.extracted_package_dir).toMatch(/^\/opt\/tljh\/pkgs\/xarray-/);
  });

  test("a package that another needs is recorded without a spec, as conda does", async () => {
    expect((await recordOf("numpy")).requested_spec).toBe("None");
  });

  test("the record of a package names its archive, hashes and every file", async () => {
    const record = await recordOf("numpy");
    expect(record.url).toBe(`${under.sources.channel}/linux-64/${record.fn}`);
    expect(record.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(record.md5).toMatch(/^[0-9a-f]{32}$/);
    const { paths } = record.paths_data as { paths: { _path: string }[] };
    expect(paths.map(({ _path }) => _path).toSorted()).toEqual(
      (record.files as string[]).toSorted(),
    );
  });

  test("pip knows the hub's own package by its name", async () => {
    const list = await must("/opt/tljh/hub/bin/python", "-m", "pip", "list", "--format=freeze");
    expect(list).toMatch(/^the-littlest-jupyterhub==\d/m);
  });

  test.each(["hub", "user"])(
    "pip finds no requirement unmet in the %s environment",
    async (name) => {
      expect(await must(`/opt/tljh/${name}/bin/python`, "-m", "pip", "check")).toContain(
        "No broken",
      );
    },
  );

  test("JupyterLab is an extension of the user environment's server", async () => {
    const list = ["/opt/tljh/user/bin/jupyter-server", "extension", "list", "--sys-prefix"];
    const { stdout, stderr } = await under.server.run(list);
    expect(stdout + stderr).toMatch(/jupyterlab .*enabled/);
  });

  test("JupyterLab has the extension for widgets", async () => {
    const list = await under.server.run(["/opt/tljh/user/bin/jupyter-labextension", "list"]);
    expect(list.stdout + list.stderr).toMatch(/@jupyter-widgets\/jupyterlab-manager.*enabled.*OK/);
  });
});
