/**
 * What the program says to a host of plugins, in either language, over `src/rpc` on descriptor 3. Requests may
 * wait there: the host works at one after the other, and begins none before the answer to the last is out.
 *
 * - `host.hello` → `{}`, as soon as it listens
 * - `plugins.find` → the plugins of the hub's environment, none imported (Python alone)
 * - `plugin.load {plugin, from}` → what it implements
 * - `hook.call {plugin, hook, arguments}` → the answer, and the arguments as the plugin left them
 *
 * A line without an id is a `Stray`. Standard output and standard error are the plugins'.
 */

/** Where one plugin is loaded from: a file, or the object that a Python entry point names. */
export interface PluginOrigin {
  readonly plugin: string;
  readonly from: string;
}

/** One hook of a plugin, and its place in the order of calls. */
export interface ImplementedHook {
  readonly name: string;
  /** The arguments that the plugin is to be given. */
  readonly arguments: readonly string[];
  readonly tryfirst: boolean;
  readonly trylast: boolean;
}

/** What failed outside of any call. */
export interface Stray {
  readonly stray: {
    readonly plugin: string | null;
    readonly message: string;
    readonly trace?: string;
  };
}

/** The descriptor that requests come in on and answers go out on. */
export const WIRE = 3;

/** The hook whose `c` is made in the host: the program sends and gets back assignments. */
export const CONFIG_HOOK = "tljh_custom_jupyterhub_config";
