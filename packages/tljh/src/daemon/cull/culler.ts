import { errorFields, type Log } from "../../system/log.ts";
import { Queue } from "../queue.ts";
import { type CulledUser, type CullSettings, decideCull } from "./decide.ts";
import type { HubApi } from "./hub-api.ts";

export interface CullerParts {
  /** Read again in every round, so that a changed configuration counts at once. */
  readonly readSettings: () => Promise<CullSettings>;
  readonly connect: (settings: CullSettings) => Promise<HubApi>;
  readonly log: Log;
  readonly now?: () => number;
}

/** Seconds until the next round when the settings cannot be read or are off. */
const idleRound = 60;

/** Stops servers that nobody uses, as jupyterhub-idle-culler does. */
export class Culler {
  readonly #parts: CullerParts;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #lastProblem = "";

  constructor(parts: CullerParts) {
    this.#parts = parts;
  }

  /** The first round comes after `every` seconds: the hub has time to see who is active. */
  start(every: number = idleRound): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(), every * 1000);
  }

  /** Counts the time until the next round from now on: for settings that have changed. */
  async reconsider(): Promise<void> {
    const settings = await this.#parts.readSettings().catch(() => null);
    if (settings !== null) this.start(Math.max(1, settings.every));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** One round; gives back the seconds until the next. Never throws. */
  async round(): Promise<number> {
    let every = idleRound;
    try {
      const settings = await this.#parts.readSettings();
      every = Math.max(1, settings.every);
      if (settings.enabled) await this.#cull(settings);
      this.#lastProblem = "";
    } catch (error) {
      this.#report(error);
    }
    return every;
  }

  async #next(): Promise<void> {
    const timer = this.#timer;
    const every = await this.round();
    // Unless the settings were reconsidered meanwhile.
    if (this.#timer === timer) this.start(every);
  }

  async #cull(settings: CullSettings): Promise<void> {
    const hub = await this.#parts.connect(settings);
    const users = await hub.users(settings.users);
    const decided = decideCull(users, (this.#parts.now ?? Date.now)(), settings);
    const queue = new Queue(Math.max(1, settings.concurrency));
    await Promise.all(decided.map((one) => queue.run(() => this.#carryOut(hub, one))));
  }

  async #carryOut(hub: HubApi, { user, servers, remove }: CulledUser): Promise<void> {
    try {
      let stopped = true;
      for (const { name, remove: forget, because } of servers) {
        this.#parts.log("info", "stopping a server", { user, server: name || undefined, because });
        if (!(await hub.stopServer(user, name, forget))) stopped = false;
      }
      if (remove === null || !stopped) return;
      this.#parts.log("info", "removing a user from the hub", { user, because: remove });
      await hub.removeUser(user);
    } catch (error) {
      this.#parts.log("error", "culling failed", { user, ...errorFields(error) });
    }
  }

  /** A hub that is down is said once, not every minute. */
  #report(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#parts.log("warn", "no servers were culled", errorFields(error));
  }
}
