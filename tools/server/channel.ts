import { fileURLToPath } from "node:url";
import type { Server } from "./server.ts";

/** The port of the server's 127.0.0.1 at which the forged channel is served. */
const CHANNEL_PORT = 8123;

/** What the server sees of the folder that is served to it. */
export interface ServedChannel {
  /** The address of the folder, without a slash at the end. */
  readonly url: string;
  readonly port: number;
}

/**
 * Serves a folder (forged channels, a package index) inside the server's network, until the
 * server stops. `faults` are flags of `tools/debforge/serve.ts`, such as `--damage=/path=5000`.
 */
export async function serveChannel(
  server: Server,
  directory: string,
  port: number = CHANNEL_PORT,
  faults: readonly string[] = [],
): Promise<ServedChannel> {
  const script = fileURLToPath(new URL("../debforge/serve.ts", import.meta.url));
  await server.serve([
    process.execPath,
    script,
    "--directory",
    directory,
    "--port",
    String(port),
    ...faults,
  ]);
  return { url: `http://127.0.0.1:${port}`, port };
}
