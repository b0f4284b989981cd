import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as z from "zod";
import { pluginHostConfused, pluginHostEnded, pluginHostUnstartable } from "../errors/plugins.ts";
import { LinesClient, RpcError } from "../rpc/index.ts";

const hook = z.object({
  name: z.string(),
  arguments: z.array(z.string()).default([]),
  tryfirst: z.boolean().default(false),
  trylast: z.boolean().default(false),
});

const plugin = z.object({
  name: z.string(),
  module: z.string(),
  distribution: z.string().nullish(),
  version: z.string().nullish(),
  hooks: z.array(hook).default([]),
  error: z.object({ message: z.string(), trace: z.string().optional() }).nullish(),
});

/** A Python plugin as the host found it, by its entry point. */
export type PythonPlugin = z.infer<typeof plugin>;

const callResult = z.object({
  value: z.unknown(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

export interface PythonHostOptions {
  /** `TLJH_INSTALL_PREFIX` for the plugins. */
  readonly prefix: string;
  /** What plugins print, line by line. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds until the host must have imported all plugins. */
  readonly listTimeout?: number;
}

const LIST_TIMEOUT = 120_000;
const CLOSE_TIMEOUT = 5_000;
const KEPT_LINES = 20;

/** The process that Python plugins live in: `python -m tljh.plugin_host`, one for all of them. */
export class PythonHost {
  readonly #python: string;
  readonly #options: PythonHostOptions;
  readonly #child: ChildProcess;
  readonly #client: LinesClient;
  readonly #exit: Promise<string>;
  readonly #said: string[] = [];
  #unstartable: unknown;

  constructor(python: string, options: PythonHostOptions) {
    this.#python = python;
    this.#options = options;
    const child = spawn(python, ["-m", "tljh.plugin_host"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, TLJH_INSTALL_PREFIX: options.prefix, PYTHONUNBUFFERED: "1" },
    });
    this.#child = child;
    this.#exit = this.#ending();
    const printed = createInterface({ input: child.stderr });
    printed.on("line", (line) => this.#hear(line));
    this.#client = new LinesClient(child.stdout, child.stdin, {
      onStrayLine: (line) => this.#hear(line),
    });
  }

  /** All plugins of the hub's environment, those that could not be imported too. */
  async list(): Promise<PythonPlugin[]> {
    const timeout = this.#options.listTimeout ?? LIST_TIMEOUT;
    const answer = await this.#call("plugins.list", {}, timeout);
    return understand(z.array(plugin), answer);
  }

  /** Calls one implementation. `arguments` is what became of the arguments during the call. */
  async call(
    name: string,
    hookName: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<z.infer<typeof callResult>> {
    const params = { plugin: name, hook: hookName, arguments: args };
    return understand(callResult, await this.#call("hook.call", params));
  }

  /** Ends the host and waits for it; one that stays is killed after five seconds. */
  async close(): Promise<void> {
    this.#client.close();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), CLOSE_TIMEOUT);
    await this.#exit;
    clearTimeout(timer);
  }

  async #call(method: string, params: Record<string, unknown>, timeout?: number): Promise<unknown> {
    try {
      return await this.#client.call(method, params, timeout === undefined ? {} : { timeout });
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== "RPC_CLOSED") throw error;
      const how = await this.#exit;
      if (this.#unstartable) throw pluginHostUnstartable(this.#python, this.#unstartable);
      throw pluginHostEnded(how, this.#said.join("\n"));
    }
  }

  #hear(line: string): void {
    this.#said.push(line);
    if (this.#said.length > KEPT_LINES) this.#said.shift();
    this.#options.onLine?.(line);
  }

  /** How the process ended, once all that it printed was read. Never rejects. */
  async #ending(): Promise<string> {
    try {
      const [code, signal] = await once(this.#child, "close");
      return signal === null ? `exit code ${code}` : `signal ${signal}`;
    } catch (error) {
      this.#unstartable = error;
      return "an error at its start";
    }
  }
}

function understand<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw pluginHostConfused(answer, parsed.error);
  return parsed.data;
}
