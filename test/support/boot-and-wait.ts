/**
 * Boots a server, writes its name, and waits to be ended from outside: a run that is killed.
 * Arguments: the cache folder, the base server's folder.
 */
import { Server } from "../../tools/server/index.ts";

const [cacheDir = "", base = ""] = process.argv.slice(2);
const server = await Server.create({ base, cacheDir });
await server.boot();
process.stdout.write(`${server.name}\n`);
setInterval(() => {}, 60_000);
