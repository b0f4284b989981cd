import { join } from "node:path";
import { prepareIngredients } from "../tools/demo/ingredients.ts";
import { bootWithSources, copyRelease, RELEASE_PATH, type Sources } from "../tools/demo/install.ts";
import type { Progress } from "../tools/demo/progress.ts";
import { cacheDirectory, Server } from "../tools/server/index.ts";
import { BENCH_FOLDER, bundledText } from "./bundle.ts";

/** A server to measure in: booted, a release unpacked, nothing installed. */
export interface BenchServer extends AsyncDisposable {
  readonly server: Server;
  readonly sources: Sources;
}

/** The release's Node, and its compiled code beside it, as its launchers use them. */
export const NODE = [`${RELEASE_PATH}/bin/node`, "--disable-warning=ExperimentalWarning"];
export const NODE_ENV = { NODE_COMPILE_CACHE: `${RELEASE_PATH}/cache` };
/** Beside the release's own bundles, whose worker threads it starts. */
export const ENGINE = `${RELEASE_PATH}/lib/bench-engine.js`;
/** Beside the process that plugins live in. */
export const PLUGINS_PROGRAM = `${RELEASE_PATH}/lib/bench-plugins.js`;

export async function makeBenchServer(progress: Progress, name?: string): Promise<BenchServer> {
  const release = join(BENCH_FOLDER, "tljh");
  const step: Progress["step"] = (title, work) => progress.step(title, work);
  const ingredients = await prepareIngredients({ cacheDir: cacheDirectory(), release, step });
  const server = await step("copy the plain server", () =>
    Server.create({ base: ingredients.base, ...(name !== undefined && { name }) }),
  );
  try {
    const sources = await step("boot it", () => bootWithSources(server, ingredients));
    await step("copy the release to it", async () => {
      // What tljh install sees to before it makes environments.
      await server.must(["apt-get", "update", "-qq"]);
      await server.must(["apt-get", "install", "-qq", "--yes", "bzip2"]);
      await copyRelease(server, ingredients.release);
      await copyProgram(server, "bench/engine.ts", ENGINE);
      await copyProgram(server, "bench/plugins/program.ts", PLUGINS_PROGRAM);
    });
    return { server, sources, [Symbol.asyncDispose]: () => server.destroy({ wait: false }) };
  } catch (error) {
    await server.destroy();
    throw error;
  }
}

/** Bundles a measured program as the release is bundled, and copies it in. */
async function copyProgram(server: Server, source: string, place: string): Promise<void> {
  await server.writeFile(place, await bundledText(source));
}
