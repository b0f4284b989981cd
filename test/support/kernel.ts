import { randomUUID } from "node:crypto";
import { once } from "node:events";

/** What a cell gave: the outputs a notebook would show. */
export interface CellResult {
  readonly stdout: string;
  readonly stderr: string;
  /** The value of the last expression, as text. */
  readonly value: string | null;
  /** The exception's traceback, without colours. */
  readonly error: string | null;
}

interface Message {
  readonly msg_type?: string;
  readonly header: { readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly channel: string;
  readonly content: {
    readonly name?: string;
    readonly text?: string;
    readonly data?: Readonly<Record<string, string>>;
    readonly traceback?: readonly string[];
    readonly execution_state?: string;
  };
}

function request(id: string, session: string, code: string): string {
  return JSON.stringify({
    channel: "shell",
    header: {
      msg_id: id,
      msg_type: "execute_request",
      session,
      username: "test",
      version: "5.3",
      date: new Date().toISOString(),
    },
    parent_header: {},
    metadata: {},
    content: {
      code,
      silent: false,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    },
    buffers: [],
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are a terminal's colours
const COLOURS = /\x1b\[[0-9;]*m/g;

function add(result: CellResult, { header, content }: Message): CellResult {
  const text = content.text ?? "";
  switch (header.msg_type) {
    case "stream":
      return content.name === "stderr"
        ? { ...result, stderr: result.stderr + text }
        : { ...result, stdout: result.stdout + text };
    case "execute_result":
      return { ...result, value: content.data?.["text/plain"] ?? null };
    case "error":
      return { ...result, error: (content.traceback ?? []).join("\n").replace(COLOURS, "") };
    default:
      return result;
  }
}

/** A kernel's websocket, spoken to as a notebook does (Jupyter's messaging, version 5.3). */
export class Kernel implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #end: () => Promise<unknown>;
  readonly #session = randomUUID();
  #pending: { id: string; result: CellResult; done: (result: CellResult) => void } | null = null;
  #closed = "";

  private constructor(socket: WebSocket, end: () => Promise<unknown>) {
    this.#socket = socket;
    this.#end = end;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data))));
    socket.addEventListener("close", ({ code, reason }) => this.#stop(`${code} ${reason}`));
  }

  /** Opens the websocket at `url`, with a token; `end` shuts the kernel down. */
  static async open(url: string, token: string, end: () => Promise<unknown>): Promise<Kernel> {
    const socket = new WebSocket(url, { headers: { Authorization: `token ${token}` } });
    const kernel = new Kernel(socket, end);
    const failed = once(socket, "error").then(([event]) => {
      throw new Error(`the websocket of the kernel did not open: ${event.message ?? url}`);
    });
    failed.catch(() => {});
    await Promise.race([once(socket, "open"), failed]);
    return kernel;
  }

  #take(message: Message): void {
    const pending = this.#pending;
    if (pending === null || message.parent_header.msg_id !== pending.id) return;
    pending.result = add(pending.result, message);
    const isIdle =
      message.header.msg_type === "status" && message.content.execution_state === "idle";
    if (isIdle) this.#finish(pending.result);
  }

  #finish(result: CellResult): void {
    this.#pending?.done(result);
    this.#pending = null;
  }

  #stop(why: string): void {
    this.#closed = why;
    const { result } = this.#pending ?? {};
    if (result) this.#finish({ ...result, error: `the connection was closed: ${why}` });
  }

  /** Runs one cell and waits until the kernel is idle again. One at a time. */
  run(code: string): Promise<CellResult> {
    if (this.#closed !== "") throw new Error(`the connection was closed: ${this.#closed}`);
    const id = randomUUID();
    return new Promise((done) => {
      this.#pending = { id, result: { stdout: "", stderr: "", value: null, error: null }, done };
      this.#socket.send(request(id, this.#session, code));
    });
  }

  /** True while the websocket is the one that was opened: a restart of the hub must not close it. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#end();
  }
}
