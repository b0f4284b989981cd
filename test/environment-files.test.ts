import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeChannel } from "../packages/conda/test/support/channel.ts";
import type { FixturePackage } from "../packages/conda/test/support/package.ts";
import { environmentServer, tljh } from "../packages/tljh/src/cli/env/fixtures.ts";

const program = (text: string) => ({ content: `#!/bin/sh\n${text}\n`, mode: 0o755 });

/**
 * As pip does, it writes its report, and what it is asked for is noted in the environment; as Python does that
 * imports all it is told to, it says so.
 */
const python = program(`
for a in "$@"; do case "$a" in --report=*) echo '{"install":[]}' > "$(echo "$a" | cut -d= -f2-)";; esac; done
case "$*" in
  *"-m pip install"*) echo "$@" >> "$(dirname "$0")/../asked-of-pip";;
  *tljh-check:*) echo; echo 'tljh-check:["end"]';;
esac`);

const PACKAGES: readonly FixturePackage[] = [
  { name: "python", version: "3.13.1", files: { "bin/python": python } },
  {
    name: "jupyterhub-singleuser",
    version: "5.5",
    files: { "bin/jupyterhub-singleuser": program("echo 5.5") },
  },
  { name: "jupyterlab", version: "4.4" },
  { name: "notebook", version: "7.4" },
  { name: "ipykernel", version: "6.30" },
  { name: "ipywidgets", version: "8.1" },
  { name: "pip", version: "25.0" },
  { name: "numpy", version: "1.26" },
  { name: "numpy", version: "2.1" },
  { name: "astropy", version: "7.0", depends: ["numpy >=2"] },
];

/** A server that is installed from a channel in a folder. */
function fileServer() {
  const server = environmentServer();
  const { paths } = server;
  const channel = writeChannel(join(paths.prefix, "channel"), PACKAGES);
  const write = (name: string, text: string) => {
    const path = join(paths.prefix, "files", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  mkdirSync(paths.state);
  const installation = { channels: [channel.url], plugins: [], userRequirementsTxtUrl: null };
  writeFileSync(paths.installation, JSON.stringify({ version: 1, ...installation }));
  return Object.assign(server, { channel, write });
}

const stars = "name: stars\ndependencies: [astropy, ipykernel, python]\n";

describe("tljh env create", { timeout: 60_000 }, () => {
  it("makes another environment of an environment.yml, which all other commands know", async () => {
    using server = fileServer();
    const file = server.write("environment.yml", stars);
    const dry = await tljh("env", "create", "--file", file, "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      out: expect.stringContaining("+ astropy 7.0  (asked for by environment.yml)\n"),
    });
    expect(existsSync(join(server.paths.prefix, "envs"))).toBe(false);
    const made = await tljh("env", "create", "--file", file);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(
      /\+ astropy 7\.0(.|\n)*Environment stars: this is generation 1\.\nMake it a kernel that users see: sudo \S+\/envs\/stars\/bin\/python -m ipykernel install/,
    );
    const history = await tljh("env", "history", "--environment", "stars");
    expect(history.out).toContain("tljh env create stars --file environment.yml");
    expect((await tljh("env", "verify", "--environment", "stars")).code).toBe(0);
    expect((await tljh("env", "gc")).out).toContain("Nothing to remove");
  });

  it("makes the same of a lock, byte for byte what was exported", async () => {
    using server = fileServer();
    await tljh("env", "create", "--file", server.write("environment.yml", stars));
    const { out } = await tljh("env", "export", "--explicit", "--environment", "stars");
    const lock = server.write("class.lock", out);
    const made = await tljh("env", "create", "copy", "--file", lock, "--json");
    expect(JSON.parse(made.out)).toMatchObject({ changed: true, generation: { number: 1 } });
    expect((await tljh("env", "export", "--explicit", "--environment", "copy")).out).toBe(out);
    const again = await tljh("env", "update", "--environment", "copy", "--file", lock);
    expect(again.out).toContain("Nothing to do: it is as class.lock says.\n");
  });

  it("says what is wrong with a name", async () => {
    using server = fileServer();
    const file = server.write("environment.yml", stars);
    const unnamed = server.write("unnamed.yml", "dependencies: [python]\n");
    const said = async (...args: string[]) => {
      const { code, err } = await tljh("env", "create", ...args);
      return `${code} ${/code: (\w+)/.exec(err)?.[1]}`;
    };
    expect(await said("--file", unnamed)).toBe("1 ENVIRONMENT_UNNAMED");
    expect(await said("user", "--file", file)).toBe("1 ENVIRONMENT_EXISTS");
    expect(await said("../user", "--file", file)).toBe("2 INSTALL_USAGE");
    expect(await said("stars")).toBe("2 INSTALL_USAGE");
    await tljh("env", "create", "--file", file);
    expect(await said("--file", file)).toBe("1 ENVIRONMENT_EXISTS");
    const { err } = await tljh("env", "history", "--environment", "moons");
    expect(err).toContain("sudo tljh env create moons --file FILE");
  });
});

describe("tljh env update", { timeout: 60_000 }, () => {
  it("brings the users' environment to what a file lists, pip's part and variables too, and can go back", async () => {
    using server = fileServer();
    await server.install("1");
    const file = server.write(
      "environment.yml",
      "dependencies:\n  - numpy >=2\n  - pip:\n      - ./mine\n      - -r more.txt\nvariables: {TEN: 10}\n",
    );
    const updated = await tljh("env", "update", "--file", file);
    expect(updated).toMatchObject({ code: 0, err: "" });
    const inUser = (path: string) => readFileSync(join(server.paths.user, path), "utf8");
    expect(inUser("asked-of-pip")).toContain(
      `${dirname(file)}/mine --requirement=${dirname(file)}/more.txt`,
    );
    expect(JSON.parse(inUser("conda-meta/state"))).toEqual({ env_vars: { TEN: "10" } });
    expect(inUser("share/tool.txt")).toBe("1");
    const again = await tljh("env", "update", "--file", file, "--json");
    expect(JSON.parse(again.out)).toEqual({ changed: false });
    await tljh("env", "rollback");
    expect(existsSync(join(server.paths.user, "asked-of-pip"))).toBe(false);
  });

  it("takes out with --prune what the file does not list, but for what the server needs", async () => {
    using server = fileServer();
    await tljh("env", "create", "stars", "--file", server.write("environment.yml", stars));
    const numpy = server.write("numpy.yml", "dependencies: [numpy <2]\n");
    const prune = ["--environment", "stars", "--file", numpy, "--prune"];
    const { out } = await tljh("env", "update", ...prune, "--dry-run", "--json");
    expect(JSON.parse(out).changes).toContainEqual(
      expect.objectContaining({ name: "numpy", from: "2.1 0", to: "1.26 0" }),
    );
    expect((await tljh("env", "update", ...prune)).out).toMatch(/- astropy 7\.0(.|\n)*- python/);
  });

  it("tells the file as who asks for what cannot be had, and leaves all as it is", async () => {
    using server = fileServer();
    await tljh("env", "create", "stars", "--file", server.write("environment.yml", stars));
    const old = server.write("old.yml", "dependencies: [numpy <2]\n");
    const { code, err } = await tljh("env", "update", "--environment", "stars", "--file", old);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        /conda-meta\/history asks for astropy\.\n +old\.yml asks for numpy <2\.\n(.|\n)*CONDA_UNSOLVABLE/,
      ),
    ]);
    const history = await tljh("env", "history", "--environment", "stars", "--json");
    expect(JSON.parse(history.out)).toHaveLength(1);
  });

  it("explains a file that is none, and ends with 1", async () => {
    using server = fileServer();
    await server.install("1");
    const bad = server.write("bad.yml", "dependency: [numpy]\n");
    expect(await tljh("env", "update", "--file", bad)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /bad\.yml does not(.|\n)*line 1: "dependency"(.|\n)*CONDA_FILE_INVALID/,
      ),
    });
    const { err } = await tljh("env", "update", "--file", `${bad}.gone`, "--json");
    expect(JSON.parse(err)).toMatchObject({ error: { code: "CONDA_FILE_UNREADABLE" } });
  });
});

describe("tljh env export", { timeout: 60_000 }, () => {
  it("writes an environment.yml with channels and pip's packages, and says what a lock leaves out", async () => {
    using server = fileServer();
    await tljh("env", "create", "--file", server.write("environment.yml", stars));
    const packages = join(server.paths.prefix, "envs/stars/lib/python3.13/site-packages");
    mkdirSync(join(packages, "by_hand-1.0.dist-info"), { recursive: true });
    const { out } = await tljh("env", "export", "--environment", "stars", "--from-history");
    expect(out).toBe(
      `name: stars\nchannels:\n  - ${server.channel.url}\ndependencies:\n  - astropy\n  - ipykernel\n  - python\n  - pip:\n      - by-hand==1.0\n`,
    );
    const lock = await tljh("env", "export", "--explicit", "--environment", "stars");
    expect(lock).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^# platform: linux-64\n@EXPLICIT\n(file:\S+#sha256:[0-9a-f]{64}\n)+$/,
      ),
      err: expect.stringContaining("by-hand==1.0"),
    });
  });
});

describe("tljh env remove", { timeout: 60_000 }, () => {
  it("takes an environment away with all it has been, and never one that the server needs", async () => {
    using server = fileServer();
    const file = server.write("environment.yml", stars);
    await tljh("env", "create", "--file", file);
    await tljh(
      "env",
      "update",
      "--environment",
      "stars",
      "--file",
      server.write("b.yml", "dependencies: [notebook]"),
    );
    const dry = await tljh("env", "remove", "stars", "--dry-run");
    expect(dry.out).toMatch(
      /^Would remove \S+\/envs\/stars\nWould remove \S+\/snapshots\/stars-\S+\n$/,
    );
    await tljh("env", "remove", "stars");
    expect(existsSync(join(server.paths.prefix, "envs/stars"))).toBe(false);
    expect((await tljh("env", "create", "--file", file)).out).toContain("generation 1");
    await server.install("1");
    expect(await tljh("env", "remove", "user")).toMatchObject({
      code: 1,
      err: expect.stringContaining("ENVIRONMENT_NEEDED"),
    });
  });
});
