import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ingredients, prepareIngredients } from "../../tools/demo/ingredients.ts";
import {
  bootWithSources,
  copyPlugin,
  copyRelease,
  runInstall,
  type Sources,
} from "../../tools/demo/install.ts";
import { Server } from "../../tools/server/index.ts";
import { eventually } from "./eventually.ts";
import { makeSmallChannel } from "./plugin-channels.ts";

/** A server on which `tljh install` has succeeded; plain data, which test files can share. */
export interface Installed {
  readonly name: string;
  readonly cacheDir: string;
  readonly ingredients: Ingredients;
  readonly sources: Sources;
  readonly admin: { readonly name: string; readonly password: string };
  /** What `tljh install` printed. */
  readonly output: string;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** The server's files right after the installation: a base for servers of one's own. */
  readonly snapshot: string;
}

export const ADMIN = { name: "admin", password: "a-long-enough-password" } as const;

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** A plugin of use, and one in each language that implements every hook. */
const PLUGINS = ["tljh-simple", "tljh-simplest-ts", "tljh-simplest"] as const;

/** Builds, or finds, what servers are made from; the release is of the sources as they are now. */
export function ingredientsForTests(cacheDir: string): Promise<Ingredients> {
  return prepareIngredients({ cacheDir, release: join(PROJECT, "dist/test/tljh") });
}

/** A booted plain server with the release in `/root/tljh`, on which nothing is installed. */
export async function serverWithRelease(
  ingredients: Ingredients,
  cacheDir: string,
): Promise<{ server: Server; sources: Sources }> {
  const server = await Server.create({ base: ingredients.base, cacheDir });
  try {
    const sources = await bootWithSources(server, ingredients);
    await copyRelease(server, ingredients.release);
    return { server, sources };
  } catch (error) {
    await server.destroy();
    throw error;
  }
}

/** For each of the plugins with every hook a channel that has its conda package, and nothing else. */
const CHANNELS = [
  {
    file: "tljh-simplest-ts/tljh_simplest_ts.ts",
    expression: "process.env.TLJH_SIMPLEST_CHANNEL",
    conda: "ruamel.yaml",
  },
  {
    file: "tljh-simplest/tljh_simplest.py",
    expression: 'os.environ.get("TLJH_SIMPLEST_PYTHON_CHANNEL")',
    conda: "pluggy",
  },
] as const;

/** Copies the plugins in that every server under test has; gives back their folders there. */
export async function copyPlugins(server: Server, ingredients: Ingredients): Promise<string[]> {
  const folders = PLUGINS.map((name) => join(PROJECT, "examples/plugins", name));
  const plugins = await Promise.all(folders.map((folder) => copyPlugin(server, folder)));
  await nameChannels(server, ingredients);
  return plugins;
}

/** Writes the channels into the plugins' own files: what a plugin contributes must not depend on who asks. */
async function nameChannels(server: Server, { forged }: Ingredients): Promise<void> {
  for (const { file, expression, conda } of CHANNELS) {
    const path = `/root/plugins/${file}`;
    const address = await makeSmallChannel(server, forged.channel, conda);
    const source = await server.readFile(path);
    if (!source.includes(expression)) throw new Error(`${file} has no ${expression}`);
    await server.writeFile(path, source.replace(expression, JSON.stringify(address)));
  }
}

/** Boots a server on which TLJH is installed, and waits until its hub answers through the proxy. */
export async function bootInstalled(server: Server, ingredients: Ingredients): Promise<Sources> {
  const sources = await bootWithSources(server, ingredients);
  await eventually("the hub answers after the boot", async () => {
    const { exitCode } = await server.run(["curl", "-sf", "http://127.0.0.1/hub/api"]);
    return exitCode === 0;
  });
  return sources;
}

/** Makes a server with TLJH on it, takes its snapshot, and boots it again. */
export async function installOnServer(cacheDir: string): Promise<Installed> {
  const ingredients = await ingredientsForTests(cacheDir);
  const { server, sources } = await serverWithRelease(ingredients, cacheDir);
  try {
    const plugins = await copyPlugins(server, ingredients);
    const admins = [`${ADMIN.name}:${ADMIN.password}`];
    const began = performance.now();
    const result = await runInstall(server, { sources, admins, plugins });
    const output = result.stdout + result.stderr;
    if (result.exitCode !== 0) throw new Error(`tljh install: ${result.exitCode}\n${output}`);
    const milliseconds = Math.round(performance.now() - began);
    await server.stop();
    const snapshot = await server.snapshot("installed");
    await bootInstalled(server, ingredients);
    const { name } = server;
    return { name, cacheDir, ingredients, sources, admin: ADMIN, output, milliseconds, snapshot };
  } catch (error) {
    await server.destroy();
    throw error;
  }
}
