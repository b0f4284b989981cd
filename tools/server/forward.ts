import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { portTaken } from "./errors.ts";

/** A port of this machine's 127.0.0.1 that leads to a port of a server's. */
export interface Forward extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a connection to a port of the server through its connector. */
function connectThrough(connector: string, port: number): Socket {
  const socket = connect({ path: connector, allowHalfOpen: true });
  socket.write(`${port}\n`);
  return socket;
}

function join(client: Socket, target: Socket): void {
  client.on("error", () => target.destroy());
  target.on("error", () => client.destroy());
  client.on("close", () => target.destroy());
  target.on("close", () => client.destroy());
  client.pipe(target);
  target.pipe(client);
}

/** Listens on this machine's 127.0.0.1; any free port when `hostPort` is 0. */
export async function openForward(connector: string, port: number, hostPort = 0): Promise<Forward> {
  const clients = new Set<Socket>();
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    join(client, connectThrough(connector, port));
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", (error) => reject(portTaken(hostPort, error)));
    listener.listen(hostPort, "127.0.0.1", resolve);
  });
  const bound = (listener.address() as AddressInfo).port;
  const close = (): Promise<void> => {
    for (const client of clients) client.destroy();
    return new Promise((resolve) => listener.close(() => resolve()));
  };
  const url = `http://127.0.0.1:${bound}`;
  return { port: bound, url, close, [Symbol.asyncDispose]: close };
}
