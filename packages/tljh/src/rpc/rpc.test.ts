import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connectLines, LineSplitter, LinesClient, type RpcMethods, serveLines } from "./index.ts";
import { encodeLine } from "./lines.ts";
import { parseAnswer } from "./protocol.ts";

function pair(methods: RpcMethods, options = {}) {
  const up = new PassThrough();
  const down = new PassThrough();
  const done = serveLines(up, down, methods, options);
  return { up, down, done, client: new LinesClient(down, up, options) };
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { code: string }) => error.code,
  );

/** The first answer to what is written raw. */
async function answerTo(raw: string | Buffer, options = {}): Promise<Record<string, unknown>> {
  const up = new PassThrough();
  const down = new PassThrough();
  void serveLines(up, down, { echo: (params) => params }, options);
  up.end(raw);
  return JSON.parse(String((await down.toArray()).join("")).split("\n")[0] ?? "");
}

test("a call gets its result", async () => {
  const { client } = pair({ double: ({ of }) => Number(of) * 2 });
  expect(await client.call("double", { of: 21 })).toBe(42);
});

test("answers that come in another order reach the calls they belong to", async () => {
  let release = (_: string): void => {};
  const { client } = pair({
    slow: () => new Promise((resolve) => (release = resolve)),
    quick: () => "quick",
  });
  const slow = client.call("slow");
  expect(await client.call("quick")).toBe("quick");
  release("slow");
  expect(await slow).toBe("slow");
});

test("a request that is worked on alone waits until the answer before it is out", async () => {
  const called: string[] = [];
  const { promise: written, resolve: sent } = Promise.withResolvers<() => void>();
  const slow = new Writable({ write: (_chunk, _encoding, done) => sent(done) });
  const up = new PassThrough();
  const note = (name: string) => () => void called.push(name);
  const methods = { first: note("first"), second: note("second") };
  void serveLines(up, slow, methods, { maximumInFlight: 1 });
  up.write(encodeLine({ id: 1, method: "first" }) + encodeLine({ id: 2, method: "second" }));
  const release = await written;
  await new Promise(setImmediate);
  expect(called).toEqual(["first"]);
  release();
  await expect.poll(() => called).toEqual(["first", "second"]);
});

test("an error keeps code, message, remedy and trace", async () => {
  const { RpcError } = await import("./index.ts");
  const failure = { code: "X_Y", message: "m", remedy: "r", trace: "t" };
  const { client } = pair({
    fail: () => {
      throw RpcError.from(failure);
    },
  });
  await expect(client.call("fail")).rejects.toMatchObject(failure);
});

test("an unexpected error is answered as RPC_INTERNAL and reported with its method", async () => {
  const seen: string[] = [];
  const fail = () => {
    throw new Error("boom");
  };
  const { client } = pair({ fail }, { onFailure: (method: string) => seen.push(method) });
  expect(await code(client.call("fail"))).toBe("RPC_INTERNAL");
  expect(seen).toEqual(["fail"]);
});

test.each(["__proto__", "constructor", "toString", "nothing"])("%s is no method", async (name) => {
  expect(await code(pair({}).client.call(name))).toBe("RPC_METHOD_UNKNOWN");
});

test("a call that is not answered in time fails, and its late answer is ignored", async () => {
  let release = (): void => {};
  const { client } = pair({ never: () => new Promise<void>((r) => (release = r)), ping: () => 1 });
  expect(await code(client.call("never", {}, { timeout: 5 }))).toBe("RPC_TIMEOUT");
  release();
  expect(await client.call("ping")).toBe(1);
});

test("closing fails what is in flight and every later call", async () => {
  const { client } = pair({ never: () => new Promise(() => {}) });
  const call = code(client.call("never"));
  client.close();
  expect([await call, await code(client.call("never"))]).toEqual(["RPC_CLOSED", "RPC_CLOSED"]);
});

test("the other side's end fails what is in flight", async () => {
  const down = new PassThrough();
  const client = new LinesClient(down, new PassThrough());
  const call = code(client.call("ping"));
  down.end();
  expect(await call).toBe("RPC_CLOSED");
  await client.ended;
});

test("a garbled answer fails the call that waits, a printed line does not", async () => {
  const down = new PassThrough();
  const stray: string[] = [];
  const client = new LinesClient(down, new PassThrough(), { onStrayLine: (l) => stray.push(l) });
  const call = code(client.call("ping"));
  down.write('Collecting xarray\n42\n{"id": 1, "resu\n');
  expect(await call).toBe("RPC_LINE_INVALID");
  expect(stray).toEqual(["Collecting xarray", "42"]);
});

test.each([
  ["nonsense\n", null, "RPC_LINE_INVALID"],
  ["[]\n", null, "RPC_REQUEST_INVALID"],
  ['{"id":{},"method":"echo"}\n', null, "RPC_REQUEST_INVALID"],
  ['{"id":7,"method":5}\n', 7, "RPC_REQUEST_INVALID"],
  ['{"id":"a","method":"echo","params":[]}\n', "a", "RPC_REQUEST_INVALID"],
])("the request %s is refused and answered", async (raw, id, expected) => {
  expect(await answerTo(raw)).toMatchObject({ id, error: { code: expected } });
});

test("a line that is too long is refused without being kept, and ends the connection", async () => {
  const answer = await answerTo(Buffer.alloc(200, "x"), { maximumLineLength: 100 });
  expect(answer).toMatchObject({ id: null, error: { code: "RPC_LINE_TOO_LONG" } });
});

test("over a socket too, the other side learns why it was cut off", async () => {
  const server = createServer((s) => void serveLines(s, s, {}, { maximumLineLength: 100 }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  const client = new LinesClient(socket, socket);
  expect(await code(client.call("x", { y: "z".repeat(100) }))).toBe("RPC_LINE_TOO_LONG");
  await client.ended;
  server.close();
});

test("a request that is too long is not sent", async () => {
  const { client } = pair({}, { maximumLineLength: 100 });
  expect(await code(client.call("x", { y: "z".repeat(100) }))).toBe("RPC_LINE_TOO_LONG");
});

test("an answer that is too long or no JSON becomes an error", async () => {
  const ring: unknown[] = [];
  ring.push(ring);
  const { client } = pair(
    { long: () => "z".repeat(600), round: () => ring },
    { maximumLineLength: 500 },
  );
  expect(await code(client.call("long"))).toBe("RPC_LINE_TOO_LONG");
  expect(await code(client.call("round"))).toBe("RPC_LINE_INVALID");
});

test("whole numbers of any size arrive as they were sent", async () => {
  const { client } = pair({ echo: ({ value }) => value });
  const value = { id: 12345678901234567890n, small: 1, half: 0.5, text: "12345678901234567890" };
  expect(await client.call("echo", { value })).toEqual(value);
});

test("an error that the other side does not explain gets a code, words and a remedy", () => {
  expect(parseAnswer({ id: 1, error: {} })).toMatchObject({
    error: { code: "RPC_ERROR", message: expect.any(String), remedy: expect.stringMatching(/log/) },
  });
});

test("no more requests are worked on at once than allowed", async () => {
  let now = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
  };
  const { client } = pair({ work }, { maximumInFlight: 3 });
  await Promise.all(Array.from({ length: 20 }, () => client.call("work")));
  expect(most).toBe(3);
});

test("lines survive any cut into chunks, within characters too", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" }), { maxLength: 8 }),
      fc.array(fc.nat({ max: 40 }), { minLength: 1 }),
      (texts, cuts) => {
        const bytes = Buffer.from(texts.map((value) => encodeLine({ value })).join(""));
        const splitter = new LineSplitter();
        const lines: string[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = (cuts[i % cuts.length] ?? 0) + 1;
          lines.push(...splitter.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(lines.map((line) => JSON.parse(line).value)).toEqual(texts);
      },
    ),
  );
});

test("whatever is sent, the server answers with JSON and ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      const answer = await answerTo(Buffer.from([...bytes, 10]));
      expect(Object.keys(answer)).toEqual(["id", "error"]);
    }),
    { numRuns: 50 },
  );
});

test("a unix socket is reached, and one that is not there is named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rpc-"));
  const path = join(folder, "s.sock");
  await expect(connectLines(path)).rejects.toMatchObject({
    code: "RPC_UNREACHABLE",
    message: expect.stringContaining(path),
  });
  const server = createServer((socket) => void serveLines(socket, socket, { ping: () => "pong" }));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const client = await connectLines(path);
  expect(await client.call("ping")).toBe("pong");
  client.close();
  server.close();
  rmSync(folder, { recursive: true });
});
