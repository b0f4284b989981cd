import type * as z from "zod";
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
import { callResult, type FoundPlugin, foundPlugins, loaded, stray } from "./answers.ts";
import type { HostLaunch } from "./launch.ts";
import { LOAD_LIMIT, START_LIMIT } from "./limits.ts";
import { HostLost, HostProcess, NeverBegun } from "./process.ts";

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

/** What is asked of the process. */
interface Question {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** That it may take. */
  readonly seconds: number;
  /** On whose behalf; without a plugin it is the host's own affair. */
  readonly place: PluginPlace;
  /** The plugin that must have been loaded before. */
  readonly needs?: PluginOrigin;
}

interface Waiting extends Question {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const LOAD = "plugin.load";
const USUAL_IDLE = 300_000;

/** How many questions the process is sent before it has answered the first. */
const MOST_AT_ONCE = 64;

/**
 * The plugins of one language. They share a process, which is started when it is needed and again after a
 * plugin has ended it; each is loaded into it before its first call. It works at one question after the other, in
 * the order of asking, so that what happens to it is one plugin's doing: those that wait behind that one are
 * asked again of the next process.
 */
export class PluginHost {
  readonly #launch: HostLaunch;
  readonly #options: PluginHostOptions;
  #process: HostProcess | null = null;
  /** The plugins that the process has loaded. */
  readonly #loaded = new Set<string>();
  readonly #waiting: Waiting[] = [];
  #isWorking = false;
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
    this.#ask(this.#own("host.hello")).catch(() => {});
  }

  /** The plugins of the hub's environment, sorted by name. */
  async find(): Promise<FoundPlugin[]> {
    return this.#understand(foundPlugins, await this.#ask(this.#own("plugins.find")));
  }

  /** Loads a plugin, also when it is loaded already, and gives back what it implements. */
  async load(origin: PluginOrigin): Promise<readonly ImplementedHook[]> {
    const answer = await this.#ask(this.#loading(origin));
    return uniteHooks(this.#understand(loaded, answer).hooks);
  }

  /** Calls a hook of one plugin, which has so many seconds for it. */
  async call(
    origin: PluginOrigin,
    hook: string,
    args: Readonly<Record<string, unknown>>,
    seconds: number,
  ): Promise<CallResult> {
    const { plugin } = origin;
    const answer = await this.#ask({
      method: "hook.call",
      params: { plugin, hook, arguments: args },
      seconds,
      place: { plugin, hook },
      needs: origin,
    });
    return this.#understand(callResult, answer);
  }

  /** Ends the process; a plugin at work is stopped. What is asked afterwards is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    await this.#process?.close(this.#isWorking);
  }

  #own(method: string): Question {
    return { method, params: {}, seconds: this.#startLimit, place: { plugin: "", hook: null } };
  }

  #loading(origin: PluginOrigin): Question {
    const seconds = this.#options.loadLimit ?? LOAD_LIMIT;
    const place = { plugin: origin.plugin, hook: null };
    return { method: LOAD, params: { ...origin }, seconds, place };
  }

  #ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...question, resolve, reject });
      if (!this.#isWorking) void this.#work();
    });
  }

  /** Asks what is waiting until nothing is. Never throws. */
  async #work(): Promise<void> {
    this.#isWorking = true;
    clearTimeout(this.#idle);
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      try {
        const process = await this.#ready(first);
        await this.#askTogether(process, this.#takeReady());
      } catch (error) {
        this.#waiting.shift();
        first.reject(error);
      }
    }
    this.#isWorking = false;
    this.#rest();
  }

  /** A process that can be asked this. */
  async #ready({ place, needs }: Question): Promise<HostProcess> {
    if (this.#isClosed) throw named(pluginHostClosed(place.plugin), place);
    const process = await this.#running();
    if (needs && !this.#loaded.has(needs.plugin)) await this.#askOne(process, this.#loading(needs));
    return process;
  }

  /** The first that are waiting, as many as can be asked together. */
  #takeReady(): Waiting[] {
    const end = this.#waiting.findIndex(({ needs }) => needs && !this.#loaded.has(needs.plugin));
    return this.#waiting.splice(0, Math.min(end === -1 ? MOST_AT_ONCE : end, MOST_AT_ONCE));
  }

  async #askTogether(process: HostProcess, questions: readonly Waiting[]): Promise<void> {
    const again: Waiting[] = [];
    await Promise.all(
      questions.map(async (question) => {
        try {
          question.resolve(await this.#askOne(process, question));
        } catch (error) {
          if (error instanceof NeverBegun) again.push(question);
          else question.reject(error);
        }
      }),
    );
    this.#waiting.unshift(...again);
  }

  /** Whatever happens to the process meanwhile is the fault of the plugin. */
  async #askOne(process: HostProcess, { method, params, seconds, place }: Question) {
    try {
      const answer = await process.request(method, params, seconds);
      if (method === LOAD) this.#loaded.add(place.plugin);
      return answer;
    } catch (error) {
      throw named(this.#explain(error, place), place);
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
    await this.#askOne(process, this.#own("host.hello"));
    return process;
  }

  #explain(error: unknown, place: PluginPlace): unknown {
    if (!(error instanceof HostLost)) return error;
    if (this.#isClosed) return pluginHostClosed(place.plugin);
    if (place.plugin === "") return this.#unstarted(error);
    const { how, late, said } = error;
    return late === null ? pluginEndedHost(place, how, said) : pluginHung(place, late, said);
  }

  #unstarted({ how, late, unstartable, said: lines }: HostLost): Error {
    const { language, command } = this.#launch;
    const said = lines.join("\n");
    if (unstartable) return pluginHostUnstartable(language, command[0], said || how);
    return late === null
      ? pluginHostEnded(language, how, said)
      : pluginHostHung(language, late, said);
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
  return error instanceof Error && plugin !== ""
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
