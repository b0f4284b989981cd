import { beforeAll, describe, expect, test } from "vitest";
import { type HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

/** What `examples/plugins/tljh-simplest-ts` and `tljh-simplest` ask for; no two the same. */
const LANGUAGES = [
  {
    language: "TypeScript",
    debian: "figlet",
    hubPip: "tabulate",
    userConda: "ruamel.yaml",
    userPip: "colorama",
    configKey: "TestTs",
    word: "ts",
  },
  {
    language: "Python",
    debian: "hello",
    hubPip: "colorama",
    userConda: "pluggy",
    userPip: "tabulate",
    configKey: "TestPython",
    word: "python",
  },
] as const;

let under: ServerUnderTest;
const must = (...argv: readonly string[]) => under.server.must(argv);

/** Who brought a package into an environment: `conda` or `pip`. */
const installerOf = async (environment: "hub" | "user", name: string) => {
  const code = `import importlib.metadata as m; print(m.distribution(${JSON.stringify(name)}).read_text("INSTALLER"))`;
  return (
    await must(`/opt/tljh/${environment}/bin/python`, "-c", `import ${name}; ${code}`)
  ).trim();
};

beforeAll(async () => {
  under = await serverForTests();
});

describe.each(LANGUAGES.map((one) => [one.language, one] as const))(
  "a plugin in %s",
  (_, plugin) => {
    test("tljh_config_post_install writes into config.yaml", async () => {
      const config = JSON.parse(await under.config("show", "--json")) as Record<string, unknown>;
      const key = `tljh_config_set_by_simplest_${plugin.word}_plugin`;
      expect(config[plugin.configKey]).toEqual({ [key]: true });
    });

    test("tljh_extra_apt_packages brings a program of Debian's", async () => {
      expect(await must("dpkg", "--status", plugin.debian)).toContain("install ok installed");
      await must("test", "-x", `/usr/bin/${plugin.debian}`);
    });

    test("tljh_extra_hub_pip_packages are importable in the hub environment", async () => {
      expect(await installerOf("hub", plugin.hubPip)).toBe("pip");
    });

    test("tljh_extra_user_conda_packages are importable in the user environment", async () => {
      expect(await installerOf("user", plugin.userConda)).toBe("conda");
    });

    test("tljh_extra_user_conda_channels come before the installation's own", async () => {
      const pattern = `cat /opt/tljh/user/conda-meta/${plugin.userConda}-[0-9]*.json`;
      const record = JSON.parse(await must("sh", "-c", pattern)) as Record<string, unknown>;
      expect(record.channel).toBe(`file:///srv/channels/${plugin.userConda}/noarch`);
    });

    test("tljh_extra_user_pip_packages are importable in the user environment", async () => {
      expect(await installerOf("user", plugin.userPip)).toBe("pip");
    });

    test("tljh_post_install has run as root where the installer was started", async () => {
      const file = `/test_tljh_post_install_${plugin.word}`;
      expect(await must("stat", "-c", "%U", file)).toBe("root\n");
      expect(await under.server.readFile(file)).toContain("file_written_by_simplest");
    });

    test("tljh_custom_jupyterhub_config sets a trait of the real hub", async () => {
      const jupyterhub = ["/opt/tljh/hub/bin/python", "-m", "jupyterhub", "--show-config"];
      const shown = await must(...jupyterhub, "-f", await hubConfiguration());
      const trait = `jupyterhub_config_set_by_simplest_${plugin.word}_plugin`;
      expect(shown).toContain(`${plugin.configKey}\n  .${trait} = True\n`);
    });
  },
);

/** The file that JupyterHub is started with. */
async function hubConfiguration(): Promise<string> {
  const code =
    "from importlib.util import find_spec as f; print(f('tljh.jupyterhub_config').origin)";
  return (await must("/opt/tljh/hub/bin/python", "-c", code)).trim();
}

describe("tljh_new_user_create", () => {
  const files = [
    ["TypeScript", "/opt/tljh/state/test_new_user_create_ts"],
    ["Python", "/opt/tljh/state/test_new_user_create_python"],
  ] as const;

  let student: HubUser;

  beforeAll(async () => {
    student = await under.student();
    for (let round = 0; round < 2; round += 1) {
      await student.startServer();
      await student.stopServer();
    }
  });

  test.each(files)(
    "in %s is called once for an account, with the account's name",
    async (_, file) => {
      const lines = (await under.server.readFile(file)).split("\n");
      const own = lines.filter((line) => line.endsWith(` jupyter-${student.username}`));
      expect(own).toHaveLength(1);
    },
  );
});
