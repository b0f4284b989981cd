import type { PluginNames } from "./names.ts";
import { type Files, license, readme } from "./shared.ts";

export interface TypeScriptOptions {
  readonly year: number;
  /** The folder with the types of `tljh/hooks` and `tljh/testing`. */
  readonly sdk: string;
}

/** A new plugin in TypeScript. */
export function typescriptFiles(names: PluginNames, options: TypeScriptOptions): Files {
  return {
    [`${names.module}.ts`]: plugin(names),
    [`${names.module}.test.ts`]: test(names),
    "package.json": manifest(names),
    "tsconfig.json": tsconfig(options.sdk),
    "README.md": readme(names, {
      files: [
        [`${names.module}.ts`, "the plugin: each exported hook is called by its name"],
        [`${names.module}.test.ts`, "its tests"],
        ["package.json", 'the manifest; `"tljh"` names the plugin and its file'],
        ["tsconfig.json", "finds the types of `tljh/hooks`, for the editor and for `npx tsc`"],
      ],
      publishing: `To publish it: \`npm install && npm publish\`,
which makes JavaScript of it first; others then install it with \`--plugin npm:${names.package}\`.`,
    }),
    LICENSE: license(names, options.year),
    ".gitignore": `node_modules/\n*.tgz\n/${names.module}.js\n`,
  };
}

function plugin({ package: name, plugin }: PluginNames): string {
  return `/** ${name}: a plugin of The Littlest JupyterHub. Keep the hooks that are of use, and delete the others. */

import { hookimpl } from "tljh/hooks";

/** Conda packages that all users' notebooks can import. */
export const tljh_extra_user_conda_packages = hookimpl(() => ["tqdm"]);

/** What config.yaml gets, unless the administrator has set it. */
export const tljh_config_post_install = hookimpl(({ config }) => {
  config.user_environment ??= {};
  config.user_environment.default_app ??= "jupyterlab";
});

/** JupyterHub's own settings, as in jupyterhub_config.py; here a variable in each user's server. */
export const tljh_custom_jupyterhub_config = hookimpl(({ c }) => {
  c.Spawner.environment.update({ COURSE: "${plugin}" });
});

/** Called once for each new user, as root. \`username\` is the Unix account's: jupyter-alice. */
export const tljh_new_user_create = hookimpl(({ username }) => {
  console.error(\`${name}: welcome, \${username}\`);
});

/** What \`tljh doctor\` tells the administrator. It only looks. */
export const tljh_health_checks = hookimpl<"tljh_health_checks">(() => [
  { name: "${plugin}", status: "ok", message: "${name} is loaded" },
]);
`;
}

function test({ plugin }: PluginNames): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPlugin } from "tljh/testing";

const plugin = await loadPlugin(import.meta.dirname);

test("asks for conda packages", async () => {
  assert.deepEqual(await plugin.call("tljh_extra_user_conda_packages"), ["tqdm"]);
});

test("sets the default application, unless the administrator has", async () => {
  const hook = "tljh_config_post_install";
  assert.deepEqual(await plugin.call(hook, { config: {} }), {
    user_environment: { default_app: "jupyterlab" },
  });
  const config = { user_environment: { default_app: "classic" } };
  assert.deepEqual(await plugin.call(hook, { config }), config);
});

test("gives each server a variable", async () => {
  const c = await plugin.call("tljh_custom_jupyterhub_config");
  assert.deepEqual(c, { Spawner: { environment: { COURSE: "${plugin}" } } });
});

test("welcomes new users", async () => {
  await plugin.call("tljh_new_user_create", { username: "jupyter-alice" });
});

test("finds itself well", async () => {
  const [finding] = await plugin.call("tljh_health_checks");
  assert.equal(finding?.status, "ok");
});
`;
}

function manifest({ package: name, plugin, module }: PluginNames): string {
  const json = {
    name,
    version: "0.1.0",
    description: `${name}, a plugin of The Littlest JupyterHub`,
    keywords: ["jupyterhub", "tljh", "tljh-plugin"],
    license: "BSD-3-Clause",
    type: "module",
    files: [`${module}.ts`, `${module}.js`],
    scripts: { test: "tljh plugin test", types: "tsc --noEmit", prepack: "tsc" },
    devDependencies: { "@types/node": "^24.0.0", typescript: "^6.0.0" },
    tljh: { plugins: { [plugin]: `./${module}.ts` } },
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Types are looked for where npm would put the package `tljh`, then in the program on this machine. */
function tsconfig(sdk: string): string {
  const json = {
    compilerOptions: {
      target: "es2024",
      module: "nodenext",
      strict: true,
      skipLibCheck: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      rewriteRelativeImportExtensions: true,
      types: ["node"],
      paths: { "tljh/*": ["./node_modules/tljh/*.d.ts", `${sdk}/*.d.ts`] },
    },
    include: ["*.ts"],
    exclude: ["node_modules"],
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
