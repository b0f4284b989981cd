import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedPlugins } from "../plugins/index.ts";
import type { ServerPaths } from "../system/paths.ts";

/** What is needed of the loaded plugins. */
export type UserPlugins = Pick<LoadedPlugins, "close"> & {
  readonly manager: Pick<LoadedPlugins["manager"], "getPlugin" | "hook">;
};

interface Loaded {
  readonly stamp: string;
  readonly plugins: Promise<UserPlugins>;
  users: number;
  isRetired: boolean;
}

/**
 * The server's plugins, loaded when they are first needed, and anew once their stamp has changed: what is
 * installed, removed, disabled or configured meanwhile counts from the next call on.
 */
export class PluginSet {
  readonly #load: () => Promise<UserPlugins>;
  readonly #stamp: () => Promise<string>;
  #loaded: Loaded | null = null;

  constructor(load: () => Promise<UserPlugins>, stamp: () => Promise<string>) {
    this.#load = load;
    this.#stamp = stamp;
  }

  /** Calls back with the plugins of now, which stay loaded until that has ended. */
  async use<T>(work: (plugins: UserPlugins) => Promise<T>): Promise<T> {
    const loaded = this.#current(await this.#stamp());
    loaded.users++;
    try {
      return await work(await loaded.plugins);
    } catch (error) {
      // A load that failed is tried again for the next call.
      await loaded.plugins.catch(() => this.#retire(loaded));
      throw error;
    } finally {
      loaded.users--;
      if (loaded.isRetired && loaded.users === 0) await close(loaded);
    }
  }

  /** Ends what is loaded, also while it is in use. */
  async close(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    if (loaded) await close(loaded);
  }

  #current(stamp: string): Loaded {
    if (this.#loaded && this.#loaded.stamp !== stamp) this.#retire(this.#loaded);
    this.#loaded ??= { stamp, plugins: this.#load(), users: 0, isRetired: false };
    return this.#loaded;
  }

  #retire(loaded: Loaded): void {
    loaded.isRetired = true;
    if (this.#loaded === loaded) this.#loaded = null;
    if (loaded.users === 0) void close(loaded);
  }
}

async function close({ plugins }: Loaded): Promise<void> {
  const found = await plugins.catch(() => null);
  await found?.close();
}

/** Changes with whatever plugins are made of: their packages, which of them take part, their settings. */
export async function pluginStamp(paths: ServerPaths): Promise<string> {
  const files = [
    join(paths.plugins, "package.json"),
    join(paths.hub, "conda-meta", "history"),
    join(paths.hub, "etc", "tljh", "pip.json"),
    paths.installation,
    paths.configFile,
  ];
  const stamps = await Promise.all(files.map(fileStamp));
  return stamps.join(" ");
}

async function fileStamp(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : "-";
}
