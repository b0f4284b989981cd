import { pluginEnvironmentRefused, pluginHookLate } from "../errors/user-hooks.ts";
import { aloneIn, type HookManager } from "../plugins/manager.ts";
import { type Outcomes, toReport } from "../plugins/reports.ts";
import { errorFields, type Log } from "../system/log.ts";
import type { UserHook } from "./load.ts";
import type { PluginSet } from "./plugin-set.ts";
import { acceptEnvironment, type Environment } from "./spawn-environment.ts";

export interface UserHooksParts {
  readonly plugins: Pick<PluginSet, "use">;
  /** Keeps the outcomes for `tljh status`. */
  readonly report: (outcomes: Outcomes) => Promise<void>;
  readonly log: Log;
}

/** The call of one plugin's hook, while it runs. */
interface Turn {
  readonly plugin: string;
  /** True once the others no longer wait for it. */
  isLate: boolean;
}

/** A call of one hook in every plugin. */
interface Round {
  readonly hook: UserHook;
  readonly account: string;
  /** Calls the hook in the one plugin of the manager; throws what is to be reported. */
  readonly call: (turn: Turn, alone: HookManager) => Promise<void>;
  /** When the user waits no longer, on the clock of `performance.now()`. */
  readonly end: number;
  /** True once the user waits no longer: a timer may end a moment before `end`. */
  isOver: boolean;
  /** True if a call is of no use once the user waits no longer. */
  readonly isOnlyInTime: boolean;
}

/**
 * The hooks about users. None of the methods throws, and each ends within `patience`, in milliseconds:
 * a plugin that fails or hangs must not lock a user out. Who fails is logged and reported. A plugin that takes
 * most of the time there is is left at work, and those after it are called meanwhile.
 */
export class UserHooks {
  readonly #parts: UserHooksParts;

  constructor(parts: UserHooksParts) {
    this.#parts = parts;
  }

  /** A new account was made. */
  welcome(account: string, patience: number): Promise<void> {
    return this.#tell("tljh_new_user_create", account, patience);
  }

  /** A user is gone from the hub. */
  farewell(account: string, patience: number): Promise<void> {
    return this.#tell("tljh_user_removed", account, patience);
  }

  /** The environment that a server is to start with: each plugin gets what those before it have left. */
  async prepare(account: string, before: Environment, patience: number): Promise<Environment> {
    let environment = before;
    const call = async (turn: Turn, alone: HookManager): Promise<void> => {
      const copy = { ...environment };
      await alone.hook.tljh_pre_spawn.async({ username: account, environment: copy });
      if (turn.isLate) return;
      const accepted = acceptEnvironment(environment, copy);
      environment = accepted.environment;
      const { refused } = accepted;
      if (refused.length > 0) throw pluginEnvironmentRefused(turn.plugin, refused);
    };
    const end = performance.now() + patience;
    await this.#round({
      hook: "tljh_pre_spawn",
      account,
      call,
      end,
      isOver: false,
      isOnlyInTime: true,
    });
    return environment;
  }

  #tell(hook: Exclude<UserHook, "tljh_pre_spawn">, account: string, patience: number) {
    const call = async (_: Turn, alone: HookManager): Promise<void> => {
      await alone.hook[hook].async({ username: account });
    };
    const end = performance.now() + patience;
    return this.#round({ hook, account, call, end, isOver: false, isOnlyInTime: false });
  }

  async #round(round: Round): Promise<void> {
    const { hook, account } = round;
    if (await isInTime(this.#callAll(round), leftOf(round))) return;
    round.isOver = true;
    this.#parts.log("warn", "plugins are at work, the user waits no longer", { hook, account });
  }

  /** Calls one plugin after the other, and waits for all. Never throws. */
  async #callAll(round: Round): Promise<void> {
    const { hook, account } = round;
    try {
      await this.#parts.plugins.use(async ({ manager }) => {
        const running: Promise<void>[] = [];
        for (const plugin of manager.hook[hook].plugins()) {
          const left = leftOf(round);
          if (left <= 0 && round.isOnlyInTime) break;
          const turn = { plugin, isLate: false };
          const ended = this.#callOne(round, turn, aloneIn(manager, plugin));
          running.push(ended);
          if (left <= 0) await ended;
          else if (!(await isInTime(ended, shareOf(left))))
            await this.#leave(round, turn, shareOf(left));
        }
        await Promise.all(running);
      });
    } catch (error) {
      this.#parts.log("error", "plugins were not called", { hook, account, ...errorFields(error) });
    }
  }

  /** Never throws. */
  async #callOne(round: Round, turn: Turn, alone: HookManager): Promise<void> {
    const { hook, account } = round;
    const { plugin } = turn;
    try {
      await round.call(turn, alone);
      this.#parts.log("info", "a plugin's hook was called", { hook, account, plugin });
      const wasOfUse = !(turn.isLate && round.isOnlyInTime);
      if (wasOfUse) await this.#report({ failures: [], worked: [{ plugin, hook }] });
    } catch (error) {
      await this.#failed(round, plugin, error);
    }
  }

  /** Goes on without a plugin that is still at work. */
  async #leave(round: Round, turn: Turn, waited: number): Promise<void> {
    turn.isLate = true;
    const place = { plugin: turn.plugin, hook: round.hook };
    await this.#failed(round, turn.plugin, pluginHookLate(place, waited));
  }

  async #failed({ hook, account }: Round, plugin: string, error: unknown): Promise<void> {
    const fields = { hook, account, plugin, ...errorFields(error) };
    this.#parts.log("error", "a plugin's hook failed", fields);
    await this.#report({ failures: [toReport(plugin, hook, error)] });
  }

  async #report(outcomes: Outcomes): Promise<void> {
    try {
      await this.#parts.report(outcomes);
    } catch (error) {
      this.#parts.log("error", "failures of plugins cannot be reported", errorFields(error));
    }
  }
}

/** What is left of the user's patience, in milliseconds. */
const leftOf = ({ end, isOver }: Round) => (isOver ? 0 : Math.max(end - performance.now(), 0));

/** What of the time there is left one plugin may take: ten seconds, or half of fewer, are for the others. */
const shareOf = (left: number) => Math.max(left / 2, left - 10_000);

/** True if the work, which never rejects, ends within so many milliseconds. */
async function isInTime(work: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(milliseconds, 0), false);
  });
  const outcome = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return outcome;
}
