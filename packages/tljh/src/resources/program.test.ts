import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noPins } from "../plugins/index.ts";
import { serverPaths } from "../system/paths.ts";
import { program } from "./program.ts";
import type { ServerContext } from "./resource.ts";

/** A server below a scratch folder; `builds` says which release stands in which folder. */
async function server(builds: Readonly<Record<string, string>>): Promise<ServerContext> {
  const paths = serverPaths(await mkdtemp(join(tmpdir(), "tljh-program-")));
  for (const [folder, build] of Object.entries(builds)) {
    await mkdir(join(paths.prefix, folder));
    await writeFile(join(paths.prefix, folder, "BUILD"), build);
  }
  return {
    paths,
    wanted: { version: 1, channels: [], plugins: [], userRequirementsTxtUrl: null },
    admins: [],
    pins: noPins,
    release: join(paths.prefix, "release"),
    cacheDir: paths.packages,
    emit: () => {},
    dryRun: false,
    skipFailing: false,
    plugins: () => Promise.reject(new Error("no plugins here")),
    forgetPlugins: async () => {},
    contributions: () => Promise.reject(new Error("no plugins here")),
  };
}

async function bringUpToDate(context: ServerContext): Promise<void> {
  await (await program.inspect(context)).change();
  expect((await program.inspect(context)).differences).toEqual([]);
}

test.each([{}, { app: "1" }, { app: "1", "app.new": "half" }, { app: "2", "app.new": "1" }])(
  "the release that runs becomes the program, and nothing is left beside it: %j",
  async (before) => {
    const context = await server({ release: "2", ...before });
    await bringUpToDate(context);
    expect(await readFile(join(context.paths.app, "BUILD"), "utf8")).toBe("2");
    expect((await readdir(context.paths.prefix)).sort()).toEqual(["app", "release"]);
  },
);
