import { inject } from "vitest";
import type { Ingredients } from "../../tools/demo/ingredients.ts";
import { bootWithSources, type Sources } from "../../tools/demo/install.ts";
import { cacheDirectory, Server } from "../../tools/server/index.ts";
import { ask } from "./broker.ts";
import { HubUser } from "./hub.ts";
import { type Installed, serverWithRelease } from "./installed.ts";

export type { Ingredients } from "../../tools/demo/ingredients.ts";
export {
  bootWithSources,
  copyPlugin,
  copyRelease,
  runInstall,
  type Sources,
} from "../../tools/demo/install.ts";
export { eachLine } from "../../tools/server/process.ts";
export { hasBrowser, logIn, openBrowser, withPage } from "./browser.ts";
export { HubUser } from "./hub.ts";
export type { Installed } from "./installed.ts";
export { Client } from "./requests.ts";

/** A server under test, with its hub's address on this machine. */
export interface ServerUnderTest {
  readonly server: Server;
  readonly sources: Sources;
  readonly installed: Installed;
  /** Leads to the server's port 80; ends with a slash. */
  readonly address: string;
  /** A person at this server's hub. */
  user(name: string): HubUser;
}

async function underTest(
  server: Server,
  installed: Installed,
  sources: Sources,
): Promise<ServerUnderTest> {
  const address = `${(await server.forward(80)).url}/`;
  return { server, sources, installed, address, user: (name) => new HubUser(address, name) };
}

function installedOnce(): Promise<Installed> {
  return ask<Installed>(inject("tljhBroker"), "/installed");
}

/**
 * The installed server that all test files of a run share; whoever asks first waits for its
 * installation. A test that changes what others look at takes `installedCopy`.
 */
export async function serverForTests(): Promise<ServerUnderTest> {
  const installed = await installedOnce();
  const server = Server.attach(installed.name, installed.cacheDir);
  return underTest(server, installed, installed.sources);
}

/** A server of one's own, as it was right after the installation. The caller destroys it. */
export async function installedCopy(): Promise<ServerUnderTest> {
  const installed = await installedOnce();
  const { cacheDir, snapshot, ingredients } = installed;
  const server = await Server.create({ base: snapshot, cacheDir });
  const sources = await bootWithSources(server, ingredients);
  return underTest(server, installed, sources);
}

/** A plain server with the release in `/root/tljh`, for tests of installing. The caller destroys it. */
export async function plainServer(): Promise<{
  readonly server: Server;
  readonly sources: Sources;
  readonly ingredients: Ingredients;
}> {
  const ingredients = await ask<Ingredients>(inject("tljhBroker"), "/ingredients");
  return { ...(await serverWithRelease(ingredients, cacheDirectory())), ingredients };
}
