import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  pluginFiles,
  pluginNames,
  writeFiles,
} from "../../packages/tljh/src/authors/scaffold/index.ts";
import { sandbox } from "../../packages/tljh/src/plugins/fixtures.ts";
import { loadPlugins } from "../../packages/tljh/src/plugins/index.ts";
import { packSdk } from "./sdk.ts";

const root = join(import.meta.dirname, "../..");
let folder: string;
let sdk: string;
let plugin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tljh-sdk-"));
  sdk = join(folder, "sdk");
  plugin = join(folder, "plugin");
  await packSdk(root, "9.9.9", sdk);
  const names = pluginNames("stars", "typescript");
  await writeFiles(plugin, pluginFiles(names, "typescript", { year: 2026, sdk }));
  // The types of Node, which npm would install beside the plugin.
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the compiler says of the plugin; nothing if all is well. */
async function complaints(): Promise<string> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = { cwd: plugin, reject: false } as const;
  return (await execa(process.execPath, [tsc, "--noEmit"], options)).stdout;
}

describe("the package tljh", () => {
  it("has the compiler accept a new plugin and its tests as they are", async () => {
    expect(await complaints()).toBe("");
  }, 60_000);

  it("has the compiler reject what a hook cannot give back, and a wrong call in a test", async () => {
    const wrong = `import { hookimpl } from "tljh/hooks";
      import { loadPlugin } from "tljh/testing";
      export const tljh_extra_apt_packages = hookimpl<"tljh_extra_apt_packages">(() => "figlet");
      const { call } = await loadPlugin(import.meta.dirname);
      await call("tljh_new_user_create", { name: "jupyter-alice" });`;
    const file = join(plugin, "wrong.ts");
    await writeFile(file, wrong);
    try {
      const said = await complaints();
      expect(said).toMatch(/wrong\.ts\(3,.*'string' is not assignable/);
      expect(said).toMatch(/wrong\.ts\(5,.*'name' does not exist/);
    } finally {
      await rm(file);
    }
  }, 60_000);

  it("works from node_modules with no program of ours about", async () => {
    await using link = await linked(join(folder, "elsewhere"));
    const names = ["tljh_stars.ts", "tljh_stars.test.ts", "package.json"];
    for (const name of names)
      await writeFile(join(link.folder, name), await readFile(join(plugin, name)));
    const { stdout } = await execa(process.execPath, ["--test"], { cwd: link.folder });
    expect(stdout).toContain("pass 5");
  });

  it("has the compiler make the JavaScript that is published, which the server then loads", async () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    await execa(process.execPath, [tsc], { cwd: plugin });
    await using published = await publishedCopy();
    const { list, failures } = await loadPlugins({ paths: published.paths });
    expect(failures).toEqual([]);
    expect(list).toMatchObject([{ name: "stars", version: "0.1.0" }]);
  }, 60_000);

  it("needs no other package, and has the version of the program", async () => {
    const manifest = JSON.parse(await readFile(join(sdk, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ name: "tljh", version: "9.9.9" });
    expect(manifest).not.toHaveProperty("dependencies");
  });
});

/** A server's plugins, among them this one as npm would have installed it from its registry. */
async function publishedCopy() {
  const manifest = JSON.parse(await readFile(join(plugin, "package.json"), "utf8"));
  const names: readonly string[] = ["package.json", ...manifest.files];
  const files = names.map(async (name) => [name, await readFile(join(plugin, name), "utf8")]);
  const installed = { dependencies: { "tljh-stars": "^0.1.0" } };
  return sandbox({
    prefix: {
      plugins: {
        "package.json": JSON.stringify(installed),
        node_modules: { "tljh-stars": Object.fromEntries(await Promise.all(files)) },
      },
    },
  });
}

/** A folder in which npm has installed the package. */
async function linked(where: string) {
  await writeFiles(where, { "node_modules/.package-lock.json": "{}" });
  await symlink(sdk, join(where, "node_modules", "tljh"));
  return {
    folder: where,
    [Symbol.asyncDispose]: () => rm(where, { recursive: true, force: true }),
  };
}
