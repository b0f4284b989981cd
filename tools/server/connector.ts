/**
 * Runs in a server's network with this machine's files: takes connections on a unix socket,
 * reads a port's number from the first line, and joins the connection to that port of the
 * server's 127.0.0.1. A port on which nobody listens ends the connection.
 *
 * Argument: the socket's path. Writes "ready" when it listens.
 */
import { connect, createServer, type Socket } from "node:net";

const LONGEST_LINE = 8;

function join(client: Socket, port: number, rest: Buffer): void {
  const target = connect({ host: "127.0.0.1", port });
  target.on("error", () => client.destroy());
  client.on("error", () => target.destroy());
  target.on("close", () => client.destroy());
  client.on("close", () => target.destroy());
  target.write(rest);
  client.pipe(target);
  target.pipe(client);
}

function greet(client: Socket): void {
  let head = Buffer.alloc(0);
  client.on("error", () => client.destroy());
  client.on("data", function read(chunk: Buffer) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\n");
    if (end < 0 && head.length <= LONGEST_LINE) return;
    client.off("data", read);
    client.pause();
    const port = Number(head.subarray(0, Math.max(end, 0)).toString());
    if (!Number.isInteger(port) || port < 1 || port > 65535) client.destroy();
    else join(client, port, head.subarray(end + 1));
  });
}

const [path = ""] = process.argv.slice(2);
createServer({ allowHalfOpen: true }, greet).listen(path, () => process.stdout.write("ready\n"));
