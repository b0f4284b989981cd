import type { Server } from "node:net";
import {
  proxyAddressUnknown,
  proxyListenFailed,
  proxyPortForbidden,
  proxyPortTaken,
} from "../errors/proxy.ts";
import { errorCode } from "../system/files.ts";
import { portHolder } from "../system/ports.ts";
import type { Endpoint } from "./configuration.ts";

/** Listens, or throws what stands in the way: with the port, and the program that has it. */
export async function listen(server: Server, { address, port }: Endpoint): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, ...(address ? { host: address } : {}) }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (cause) {
    throw await listenProblem(address, port, cause);
  }
}

/** What an error of `listen` means to whoever chose address and port. */
export async function listenProblem(address: string, port: number, cause: unknown): Promise<Error> {
  switch (errorCode(cause)) {
    case "EADDRINUSE":
      return proxyPortTaken(port, await portHolder(port));
    case "EACCES":
      return proxyPortForbidden(port, cause);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return proxyAddressUnknown(address, port, cause);
    default:
      return proxyListenFailed(address, port, cause instanceof Error ? cause : new Error());
  }
}
