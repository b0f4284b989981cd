import { errorFields, type Log } from "../system/log.ts";

/** What is needed of the loaded plugins; see `LoadedPlugins` of `src/plugins`. */
export interface NewUserPlugins {
  readonly manager: {
    readonly hook: {
      readonly tljh_new_user_create: {
        allSettled(args: { username: string }): Promise<readonly PluginOutcome[]>;
      };
    };
  };
  close(): Promise<void>;
}

export type PluginOutcome =
  | { readonly plugin: string; readonly status: "fulfilled" }
  | { readonly plugin: string; readonly status: "rejected"; readonly error: unknown };

/** Milliseconds after which a login no longer waits for plugins. */
const usualPatience = 300_000;

/** True when the process that Python plugins live in is gone: a new one must be started. */
function isHostGone(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ("code" in one && one.code === "PLUGIN_HOST_ENDED") return true;
  }
  return false;
}

/** Calls `tljh_new_user_create` of every plugin. Plugins are loaded for the first new user and kept. */
export class NewUserHook {
  readonly #load: () => Promise<NewUserPlugins>;
  readonly #log: Log;
  readonly #patience: number;
  #plugins: Promise<NewUserPlugins> | null = null;

  constructor(load: () => Promise<NewUserPlugins>, log: Log, patience = usualPatience) {
    this.#load = load;
    this.#log = log;
    this.#patience = patience;
  }

  /** Never throws, and ends in time: a plugin that fails or hangs must not lock a user out. */
  async welcome(account: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(resolve, this.#patience, "late");
    });
    const outcome = await Promise.race([this.#tell(account), late]);
    clearTimeout(timer);
    if (outcome !== "late") return;
    this.#log("warn", "plugins still work on a new user, the login goes on", { account });
  }

  async #tell(account: string): Promise<void> {
    try {
      const { manager } = await this.#loaded();
      const outcomes = await manager.hook.tljh_new_user_create.allSettled({ username: account });
      for (const outcome of outcomes) this.#report(account, outcome);
      const isGone = outcomes.some((one) => one.status === "rejected" && isHostGone(one.error));
      if (isGone) await this.close();
    } catch (error) {
      this.#log("error", "plugins were not told of a new user", {
        account,
        ...errorFields(error),
      });
    }
  }

  async close(): Promise<void> {
    const plugins = await this.#plugins?.catch(() => null);
    this.#plugins = null;
    await plugins?.close();
  }

  /** A load that failed is tried again for the next user. */
  #loaded(): Promise<NewUserPlugins> {
    this.#plugins ??= this.#load().catch((error: unknown) => {
      this.#plugins = null;
      throw error;
    });
    return this.#plugins;
  }

  #report(account: string, outcome: PluginOutcome): void {
    const { plugin } = outcome;
    if (outcome.status === "fulfilled") {
      this.#log("info", "a plugin was told of a new user", { account, plugin });
      return;
    }
    const fields = errorFields(outcome.error);
    this.#log("error", "tljh_new_user_create failed", { account, plugin, ...fields });
  }
}
