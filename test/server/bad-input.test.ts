import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ingredients } from "../../tools/demo/ingredients.ts";
import type { Sources } from "../../tools/demo/install.ts";
import { type Server, serveChannel } from "../../tools/server/index.ts";
import { plainServer, type ServerUnderTest, serverForTests } from "../support/index.ts";

const TLJH = "/root/tljh/bin/tljh";

interface Refusal {
  readonly exitCode: number;
  /** Both outputs. */
  readonly said: string;
}

async function tljh(server: Server, args: readonly string[]): Promise<Refusal> {
  const { exitCode, stdout, stderr } = await server.run([TLJH, ...args]);
  return { exitCode, said: stdout + stderr };
}

/** Exit code 1, the words given, and a line that says what to do. */
function expectRefusal({ exitCode, said }: Refusal, ...words: readonly string[]): void {
  for (const word of words) expect(said).toContain(word);
  expect(said).toMatch(/what to do: \S/);
  expect(exitCode).toBe(1);
}

/** Writes a TypeScript plugin into a folder of the server. */
async function writePlugin(server: Server, name: string, code: string): Promise<string> {
  const folder = `/root/bad/${name}`;
  const manifest = {
    name,
    version: "1.0.0",
    type: "module",
    tljh: { plugins: { [name]: "./p.ts" } },
  };
  await server.writeFile(`${folder}/package.json`, JSON.stringify(manifest));
  await server.writeFile(`${folder}/p.ts`, `import { hookimpl } from "tljh/hooks";\n${code}\n`);
  return folder;
}

const packages = (...names: readonly string[]) =>
  `export const tljh_extra_user_conda_packages = hookimpl(() => ${JSON.stringify(names)});`;

describe("on a server in use", () => {
  let under: ServerUnderTest;
  let before: string;

  /** Everything that a failing installation must leave as it is. */
  const state = () =>
    under.server.must([
      "sh",
      "-c",
      `cd /opt/tljh && for file in config/config.yaml state/installation.json plugins/package.json \
        hub/conda-meta/history hub/etc/tljh/pip.json user/conda-meta/history user/etc/tljh/pip.json
      do cat "$file" 2>/dev/null; done; ls -A . plugins`,
    ]);
  const install = (...args: string[]) => tljh(under.server, ["install", ...args]);

  beforeAll(async () => {
    under = await serverForTests();
    before = await state();
  });

  test("a plugin's path that does not exist is refused with the path", async () => {
    expectRefusal(await install("--plugin", "./no/such/plugin"), "no/such/plugin");
    expect(await state()).toBe(before);
  });

  test.each([
    [
      "fails on import",
      `throw new Error("the stars are wrong");`,
      ["the stars are wrong", "fails"],
    ],
    [
      "implements an unknown hook",
      "export const tljh_extra_user_packages = hookimpl(() => []);",
      ["tljh_extra_user_packages"],
    ],
    [
      "asks for an unknown argument",
      "export const tljh_new_user_create = hookimpl(({ usrname }) => {});",
      ["usrname", "username", "tljh_new_user_create"],
    ],
    [
      "asks for packages that cannot be solved",
      packages("no-such-package-anywhere"),
      ["no-such-package-anywhere"],
    ],
    [
      "gives a string for a list",
      `export const tljh_extra_apt_packages = hookimpl(() => "hello");`,
      ["hello", "list"],
    ],
    [
      "asks for an option of apt",
      `export const tljh_extra_apt_packages = hookimpl(() => ["--purge"]);`,
      ["--purge"],
    ],
  ] as const)("a plugin that %s changes nothing", async (title, code, words) => {
    const name = `bad-${title.replaceAll(/[^a-z]+/g, "-")}`;
    const folder = await writePlugin(under.server, name, code);
    expectRefusal(await install("--plugin", folder), ...words);
    expect(await state()).toBe(before);
    expect((await tljh(under.server, ["plan"])).said).toContain("Nothing to do");
  });

  test("a channel that does not answer is refused with its address", async () => {
    const folder = await writePlugin(under.server, "needs-more", packages("dask-image-none"));
    const refusal = await install("--plugin", folder, "--channel", "http://127.0.0.1:9/none");
    expectRefusal(refusal, "http://127.0.0.1:9/none");
    expect(await state()).toBe(before);
  });

  test("whoever is not root is told to use sudo", async () => {
    const refused = await under.server.run(["/usr/bin/tljh", "apply"], { user: "nobody" });
    const refusal = { exitCode: refused.exitCode, said: refused.stdout + refused.stderr };
    expectRefusal(refusal, "sudo tljh apply");
  });

  test("a broken config.yaml is refused with its line, and stays as it is", async () => {
    const config = "/opt/tljh/config/config.yaml";
    const good = await under.server.readFile(config);
    const broken = `${good}\nlimits:\n  memory: [1G\n`;
    await under.server.writeFile(config, broken, "0600");
    try {
      expectRefusal(await tljh(under.server, ["apply"]), "config.yaml", "memory: [1G");
      expect(await under.server.readFile(config)).toBe(broken);
    } finally {
      await under.server.writeFile(config, good, "0600");
    }
  });
});

describe("on a bare server", () => {
  let server: Server;
  let sources: Sources;
  let forged: Ingredients["forged"];

  const install = (...args: string[]) =>
    tljh(server, ["install", "--channel", sources.channel, ...args]);

  beforeAll(async () => {
    const plain = await plainServer();
    ({ server, sources } = plain);
    forged = plain.ingredients.forged;
  });
  afterAll(() => server?.destroy());

  test("a plan tells what both environments would get, and leaves nothing behind", async () => {
    const { exitCode, said } = await tljh(server, ["plan", "--channel", sources.channel]);
    expect(said).toMatch(/Hub environment\n.*jupyterhub-base 5.*User environment\n.*jupyterlab 4/s);
    expect(exitCode).toBe(0);
    expect(await server.must(["sh", "-c", "ls -d /opt/tljh /tmp/tljh-* 2>/dev/null; true"])).toBe(
      "",
    );
  });

  test("an unsupported system is refused in the original's words", async () => {
    const release = await server.readFile("/etc/os-release");
    await server.must(["mv", "/etc/os-release", "/etc/os-release.real"]);
    await server.writeFile("/etc/os-release", 'ID=fedora\nVERSION_ID="42"\n');
    const refusal = await install();
    await server.must(["mv", "/etc/os-release.real", "/etc/os-release"]);
    expectRefusal(
      refusal,
      "The Littlest JupyterHub currently supports Ubuntu or Debian Linux only",
      "fedora 42",
    );
    expect(await server.readFile("/etc/os-release")).toBe(release);
  });

  test("a taken port 80 is refused with the name of the program that holds it", async () => {
    const listen = "require('net').createServer().listen(80, () => console.log('up'))";
    const holder = await server.spawn(["/root/tljh/bin/node", "-e", listen]);
    await new Promise((resolve) => holder.child.stdout?.once("data", resolve));
    const refusal = await install();
    holder.kill("SIGKILL");
    await holder.ended;
    expectRefusal(refusal, "Port 80", "node (process ");
    expect((await server.run(["test", "-e", "/opt/tljh/hub"])).exitCode).toBe(1);
  });

  test("a full disk is told, and leaves no environment", async () => {
    await server.must(["mkdir", "-p", "/opt/tljh/pkgs"]);
    await server.must(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", "/opt/tljh/pkgs"]);
    const refusal = await install();
    await server.must(["umount", "/opt/tljh/pkgs"]);
    expectRefusal(refusal, "disk", "/opt/tljh/pkgs");
    expect((await server.run(["test", "-e", "/opt/tljh/hub"])).exitCode).toBe(1);
  });

  test("a damaged package is refused with its name and both hashes, and leaves no environment", async () => {
    const damaged = await serveDamaged(server, forged);
    const refusal = await tljh(server, ["install", "--channel", damaged.channel]);
    expectRefusal(refusal, damaged.package, "should be");
    expect((await server.run(["test", "-e", "/opt/tljh/hub"])).exitCode).toBe(1);
  });
});

/** The same channel, with one byte changed in the archive of Python. */
async function serveDamaged(
  server: Server,
  { directory, channel }: Ingredients["forged"],
): Promise<{ readonly channel: string; readonly package: string }> {
  const names = await readdir(join(channel, "linux-64"));
  const python = names.find((name) => /^python-3\.\d+\.\d+-/.test(name)) ?? "";
  const below = channel.slice(directory.length);
  const damage = `--damage=${below}/linux-64/${python}=5000`;
  const { url } = await serveChannel(server, directory, 8124, [damage]);
  return { channel: url + below, package: python };
}
