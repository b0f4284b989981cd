import * as z from "zod";
import {
  type PluginPlace,
  pluginEndedHost,
  pluginHostClosed,
  pluginHostConfused,
  pluginHostEnded,
  pluginHostHung,
  pluginHostUnstartable,
  pluginHung,
  pluginStray,
} from "../../errors/plugin-hosts.ts";
import type { CallResult } from "../adapter.ts";
import type { ImplementedHook, PluginOrigin } from "../host/protocol.ts";
import type { HostLaunch } from "./launch.ts";
import { LOAD_LIMIT, START_LIMIT } from "./limits.ts";
import { HostLost, HostProcess } from "./process.ts";

const foundPlugins = z.array(
  z.object({
    name: z.string(),
    module: z.string(),
    distribution: z.string().nullish(),
    version: z.string().nullish(),
  }),
);

/** A Python plugin as the host found it, by its entry point, not imported. */
export type FoundPlugin = z.infer<typeof foundPlugins>[number];

const loaded = z.object({
  hooks: z.array(
    z.object({
      name: z.string(),
      arguments: z.array(z.string()).default([]),
      tryfirst: z.boolean().default(false),
      trylast: z.boolean().default(false),
    }),
  ),
});

const callResult = z.object({
  value: z.unknown(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

const stray = z.object({
  stray: z.object({
    plugin: z.string().nullable(),
    message: z.string(),
    trace: z.string().optional(),
  }),
});

/** What a plugin did when nobody had asked it for anything. */
export interface StrayFailure {
  /** Null where it is not known whose code it was. */
  readonly plugin: string | null;
  readonly error: Error;
}

export interface PluginHostOptions {
  /** What plugins print, line by line. */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly onStray?: ((failure: StrayFailure) => void) | undefined;
  /** Milliseconds without a call after which the process is ended, until the next call. */
  readonly idle?: number | undefined;
  /** Seconds that a plugin has to be loaded. */
  readonly loadLimit?: number | undefined;
  /** Seconds that the process has to start. */
  readonly startLimit?: number | undefined;
}

const USUAL_IDLE = 300_000;

/**
 * The plugins of one language. They share a process, which is started when it is needed and again after a
 * plugin has ended it; each is loaded into it before its first call. Calls come one after the other, so that
 * what happens to the process is one plugin's doing.
 */
export class PluginHost {
  readonly #launch: HostLaunch;
  readonly #options: PluginHostOptions;
  #process: HostProcess | null = null;
  /** The plugins that the process has loaded. */
  readonly #loaded = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(launch: HostLaunch, options: PluginHostOptions = {}) {
    this.#launch = launch;
    this.#options = options;
  }

  get #startLimit(): number {
    return this.#options.startLimit ?? START_LIMIT;
  }

  /** Starts the process ahead of what will be asked; what goes wrong is said then. */
  start(): void {
    this.#inTurn({ plugin: "", hook: null }, () => this.#running()).catch(() => {});
  }

  /** The plugins of the hub's environment, sorted by name. */
  find(): Promise<FoundPlugin[]> {
    return this.#inTurn({ plugin: "", hook: null }, async () => {
      const process = await this.#running();
      const answer = await process
        .request("plugins.find", {}, this.#startLimit)
        .catch((error: unknown) => this.#failStart(error));
      return this.#understand(foundPlugins, answer);
    });
  }

  /** Loads a plugin, also when it is loaded already, and gives back what it implements. */
  load(origin: PluginOrigin): Promise<readonly ImplementedHook[]> {
    const place = { plugin: origin.plugin, hook: null };
    return this.#inTurn(place, async () => this.#load(await this.#running(), origin));
  }

  /** Calls a hook of one plugin, which has so many seconds for it. */
  call(
    origin: PluginOrigin,
    hook: string,
    args: Readonly<Record<string, unknown>>,
    seconds: number,
  ): Promise<CallResult> {
    const { plugin } = origin;
    return this.#inTurn({ plugin, hook }, async () => {
      const process = await this.#running();
      if (!this.#loaded.has(plugin)) await this.#load(process, origin);
      const params = { plugin, hook, arguments: args };
      const answer = await this.#ask(process, "hook.call", params, { plugin, hook }, seconds);
      return this.#understand(callResult, answer);
    });
  }

  /** Ends the process; a plugin at work is stopped. What is asked afterwards is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    await this.#process?.close(this.#waiting > 0);
  }

  /** One after the other, in the order of asking. */
  async #inTurn<Result>(place: PluginPlace, run: () => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    clearTimeout(this.#idle);
    const turn = this.#tail.then(() => {
      if (this.#isClosed) throw named(pluginHostClosed(place.plugin), place);
      return run();
    });
    this.#tail = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#rest();
    }
  }

  /** A process that nobody asks for anything costs memory; it comes back with the next call. */
  #rest(): void {
    this.#idle = setTimeout(() => {
      const process = this.#process;
      this.#process = null;
      void process?.close(false);
    }, this.#options.idle ?? USUAL_IDLE);
    this.#idle.unref();
  }

  async #running(): Promise<HostProcess> {
    if (this.#process && !this.#process.isOver) return this.#process;
    this.#loaded.clear();
    const process = new HostProcess(this.#launch, {
      onLine: this.#options.onLine,
      onNotice: (line) => this.#notice(line),
    });
    this.#process = process;
    await process
      .request("host.hello", {}, this.#startLimit)
      .catch((error: unknown) => this.#failStart(error));
    return process;
  }

  async #load(process: HostProcess, origin: PluginOrigin): Promise<readonly ImplementedHook[]> {
    const place = { plugin: origin.plugin, hook: null };
    const seconds = this.#options.loadLimit ?? LOAD_LIMIT;
    const answer = await this.#ask(process, "plugin.load", { ...origin }, place, seconds);
    const { hooks } = this.#understand(loaded, answer);
    this.#loaded.add(origin.plugin);
    return uniteHooks(hooks);
  }

  /** Asks the process on behalf of a plugin, whose fault is whatever happens to it. */
  async #ask(
    process: HostProcess,
    method: string,
    params: Readonly<Record<string, unknown>>,
    place: PluginPlace,
    seconds: number,
  ): Promise<unknown> {
    try {
      return await process.request(method, params, seconds);
    } catch (error) {
      throw named(this.#explain(error, place), place);
    }
  }

  #explain(error: unknown, place: PluginPlace): unknown {
    if (!(error instanceof HostLost)) return error;
    if (this.#isClosed) return pluginHostClosed(place.plugin);
    const { how, late, said } = error;
    return late === null ? pluginEndedHost(place, how, said) : pluginHung(place, late, said);
  }

  #failStart(error: unknown): never {
    if (!(error instanceof HostLost)) throw error;
    if (this.#isClosed) throw pluginHostClosed("");
    const { language, command } = this.#launch;
    const said = error.said.join("\n");
    if (error.unstartable) throw pluginHostUnstartable(language, command[0], said || error.how);
    if (error.late !== null) throw pluginHostHung(language, error.late, said);
    throw pluginHostEnded(language, error.how, said);
  }

  #understand<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw pluginHostConfused(this.#launch.language, answer, parsed.error);
    return parsed.data;
  }

  #notice(line: string): void {
    const parsed = stray.safeParse(parse(line));
    if (!parsed.success) return;
    const { plugin, ...failure } = parsed.data.stray;
    this.#options.onStray?.({ plugin, error: pluginStray(plugin, failure) });
  }
}

/** The manager leaves an error that names plugin and hook as it is. */
function named(error: unknown, { plugin, hook }: PluginPlace): unknown {
  return error instanceof Error
    ? Object.assign(error, hook === null ? { plugin } : { plugin, hook })
    : error;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A plugin may implement a hook several times: its host calls them all at once, with what each asks for. */
function uniteHooks(hooks: readonly ImplementedHook[]): readonly ImplementedHook[] {
  const byName = Map.groupBy(hooks, ({ name }) => name);
  return Array.from(byName, ([name, all]) => ({
    name,
    arguments: [...new Set(all.flatMap((one) => one.arguments))],
    tryfirst: all.some(({ tryfirst }) => tryfirst),
    trylast: all.every(({ trylast }) => trylast),
  }));
}
