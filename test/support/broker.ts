import { once } from "node:events";
import { rm } from "node:fs/promises";
import * as http from "node:http";

/** Answers requests on a unix socket with what `answer` gives for their path, as JSON. */
export interface Broker {
  readonly socket: string;
  close(): Promise<void>;
}

/** Opens a broker, through which the test files of one run share what was made once. */
export async function openBroker(
  socket: string,
  answer: (path: string) => Promise<unknown>,
): Promise<Broker> {
  const listener = http.createServer(async (request, response) => {
    try {
      response.end(JSON.stringify({ value: await answer(request.url ?? "/") }));
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      response.statusCode = 500;
      response.end(JSON.stringify({ error: text }));
    }
  });
  // Making a server takes longer than a request usually may.
  listener.requestTimeout = 0;
  listener.listen(socket);
  await once(listener, "listening");
  return {
    socket,
    async close() {
      listener.closeAllConnections();
      listener.close();
      await rm(socket, { force: true });
    },
  };
}

/** Asks a broker; throws what went wrong there. */
export async function ask<T>(socket: string, path: string): Promise<T> {
  const request = http.get({ socketPath: socket, path });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  const { value, error } = JSON.parse(text) as { value: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}
