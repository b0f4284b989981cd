import { Socket } from "node:net";
import { pluginCalledExit } from "../../errors/plugin-hosts.ts";
import { encodeLine } from "../../rpc/lines.ts";
import { serveLines } from "../../rpc/server.ts";
import { hostMethods } from "./methods.ts";
import { WIRE } from "./protocol.ts";
import { Strays } from "./strays.ts";

/** The process that plugins in TypeScript live in. It ends when its end of the wire is closed. */
async function main(): Promise<never> {
  const wire = new Socket({ fd: WIRE });
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    throw pluginCalledExit(code);
  };
  const strays = new Strays((stray) => void wire.write(encodeLine(stray)));
  strays.listen();
  await serveLines(wire, wire, hostMethods(strays), { maximumInFlight: 1 });
  return exit(0);
}

process.title = "tljh-plugins";
await main();
