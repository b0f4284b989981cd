import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { cacheDirectory, Server } from "../../tools/server/index.ts";
import { openBroker } from "./broker.ts";
import { type Installed, ingredientsForTests, installOnServer } from "./installed.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The socket of the broker that makes what test files share. */
    tljhBroker: string;
  }
}

/** Makes a thing at its first use, once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Runs in the process that outlives all test files. What they ask for is made at the first
 * request: a run of tests without a server costs nothing. Gives back the teardown.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cacheDir = cacheDirectory();
  let installed: Promise<Installed> | undefined;
  const ingredients = once(() => ingredientsForTests(cacheDir));
  const broker = await openBroker(join(tmpdir(), `tljh-${randomUUID()}.sock`), async (path) => {
    if (path === "/ingredients") return ingredients();
    installed ??= installOnServer(cacheDir);
    return installed;
  });
  project.provide("tljhBroker", broker.socket);
  return async () => {
    await broker.close();
    const made = await installed?.catch(() => null);
    if (made) await Server.attach(made.name, made.cacheDir).destroy({ wait: false });
  };
}
