import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { sandbox } from "./fixtures.ts";

const run = promisify(execFile);
const here = import.meta.dirname;

/** A program that loads the plugin and prints the options that its hook is marked with. */
const program = (folder: string) => `
  import { hookimplOptions, markOf } from "${join(here, "../../../pluggy/src/markers.ts")}";
  import { resolveOwnHooks } from "${join(here, "resolve.ts")}";
  resolveOwnHooks();
  resolveOwnHooks();
  const { hook } = await import("${folder}/far/away/plugin.ts");
  console.log(JSON.stringify(hookimplOptions(markOf("tljh"), hook)));
`;

const plugin = `import { hookimpl } from "tljh/hooks";
export const hook = hookimpl((): void => {}, { trylast: true });`;

it("finds tljh/hooks for plugins anywhere on disk when run from source", async () => {
  await using box = await sandbox({ far: { away: { "plugin.ts": plugin } } });
  const args = ["--input-type=module", "-e", program(box.folder)];
  const { stdout } = await run(process.execPath, args, { cwd: "/" });
  expect(JSON.parse(stdout)).toEqual({ trylast: true });
});

it("finds the hooks.js beside the bundle, and its marks count, when bundled", async () => {
  await using box = await sandbox({ far: { away: { "plugin.ts": plugin } } });
  const main = { contents: program(box.folder), resolveDir: here };
  const common = { bundle: true, platform: "node", format: "esm" } as const;
  const lib = join(box.folder, "lib");
  await build({
    ...common,
    stdin: main,
    outfile: join(lib, "tljh.js"),
    external: ["/*/plugin.ts"],
  });
  await build({
    ...common,
    entryPoints: [join(here, "../hooks.ts")],
    outfile: join(lib, "hooks.js"),
  });
  const { stdout } = await run(process.execPath, [join(lib, "tljh.js")], { cwd: "/" });
  expect(JSON.parse(stdout)).toEqual({ trylast: true });
});
