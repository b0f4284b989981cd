/**
 * The hooks of The Littlest JupyterHub: all that a plugin imports.
 *
 * ```ts
 * import { hookimpl } from "tljh/hooks";
 *
 * export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray", "dask"]);
 * ```
 *
 * The plugin's `package.json` names the file: `"tljh": { "plugins": { "climate": "./climate.ts" } }`.
 *
 * Every hook may be synchronous or asynchronous. Its arguments come as one object, of which an
 * implementation takes by name what it needs; every hook has `settings` among them, the plugin's own
 * section of `config.yaml`. A result of null or undefined counts as none. Plugins
 * are called one after the other, the one registered last first; `{ tryfirst: true }` and
 * `{ trylast: true }` as second argument of `hookimpl` change that. What a hook throws stops the
 * installation with an error that names plugin and hook. Hooks that give back a list, and
 * `tljh_config_post_install`, are called for `tljh plan` too, and more than once: they should only answer.
 */

import {
  createHookimplMarker,
  type HookimplMarker,
  hookspec,
  type Marked,
  type PluginOf,
} from "@tljh/pluggy";
import type {
  OnlyKnown,
  SettingKeys,
  SettingsDeclaration,
  SettingsOf,
} from "./config/settings/declaration.ts";

export type { SettingKey, SettingsDeclaration } from "./config/settings/declaration.ts";

/** Plain data, as `config.yaml` holds it. */
export type ConfigValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | ConfigValue[]
  | { [key: string]: ConfigValue };

type Section<Known extends Record<string, ConfigValue> = Record<never, never>> = Known & {
  [key: string]: ConfigValue;
};

/** What `config.yaml` holds, without defaults. Sections that are not TLJH's own are kept: plugins may have theirs. */
export interface TljhConfig {
  base_url?: string | null | undefined;
  auth?: Section<{ type?: string | null }> | null | undefined;
  users?:
    | Section<{
        allowed?: string[] | null;
        banned?: string[] | null;
        admin?: string[] | null;
        extra_user_groups?: { [group: string]: string[] } | null;
      }>
    | null
    | undefined;
  limits?: Section<{ memory?: string | number | null; cpu?: number | null }> | null | undefined;
  http?: Section<{ address?: string | null; port?: number | null }> | null | undefined;
  https?: Section | null | undefined;
  user_environment?: Section<{ default_app?: string | null }> | null | undefined;
  services?: Section | null | undefined;
  plugins?: Section | null | undefined;
  [section: string]: ConfigValue;
}

/**
 * The traits of one class of JupyterHub's configuration. Any trait can be set to plain data; of one
 * that is a list or a map, the methods that Python's have can be called:
 * `append`, `extend`, `insert`, `prepend`, `update`, `add`.
 */
export interface JupyterHubTraits {
  // biome-ignore lint/suspicious/noExplicitAny: each trait has a type of its own, which only JupyterHub knows
  [trait: string]: any;
}

/** JupyterHub's configuration, as in `jupyterhub_config.py`: `c.JupyterHub.base_url = "/jupyter/"`. */
export interface JupyterHubConfig {
  readonly JupyterHub: JupyterHubTraits;
  readonly Spawner: JupyterHubTraits;
  readonly SystemdSpawner: JupyterHubTraits;
  readonly Authenticator: JupyterHubTraits;
  // biome-ignore lint/suspicious/noExplicitAny: any class there is, as `JupyterHubTraits`
  readonly [className: string]: any;
}

/**
 * What the plugin's own section of `config.yaml` holds at the time of the call, with the defaults of what it
 * lacks. Empty for a plugin that declares no settings.
 */
export type Settings = Readonly<Record<string, ConfigValue>>;

interface Listing {
  readonly arguments: { readonly settings: Settings };
  readonly result: readonly string[];
}

/** Each hook: what it is given, and what it gives back. */
export interface TljhHooks {
  /**
   * Declares the plugin's own section of `config.yaml`: its settings, each with a type, a default and a
   * description. `tljh-config` then checks and explains them to the admin as it does TLJH's own.
   *
   * When: after the plugin was loaded, at each `tljh install`, `apply` and `plan`, as root.
   * Result: `section`, a name that no other plugin has, and `keys`: for each key its `type` (`string`,
   * `integer`, `number`, `boolean`, `array` with `items`, `object` with `additionalProperties`), its
   * `description`, and as JSON Schema has them `default`, `enum`, `minimum`, `maximum`, `minLength`, `maxLength`,
   * `pattern` and `examples`; `secret: true` keeps the value out of messages. Every other hook of the plugin is
   * handed the checked values as `settings`, with defaults filled in; a setting that has none and is not in
   * `config.yaml` is absent. `settings()` gives `settings` its types:
   *
   * ```ts
   * const quota = settings("quota", {
   *   gigabytes: { type: "integer", minimum: 1, default: 10, description: "Disk space of each user." },
   * });
   *
   * export const tljh_settings_schema = quota.schema;
   * export const tljh_new_user_create = quota.hookimpl(async ({ username, settings }) => {
   *   await setQuota(username, settings.gigabytes);
   * });
   * ```
   */
  tljh_settings_schema: {
    readonly arguments: Readonly<Record<never, never>>;
    readonly result: SettingsDeclaration;
  };

  /**
   * Conda packages for the users' environment.
   *
   * When: before the user environment is changed, as root.
   * Result: conda match specs. All plugins' lists are united and installed in one transaction.
   *
   * ```ts
   * export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray", "dask >=2024"]);
   * ```
   */
  tljh_extra_user_conda_packages: Listing;

  /**
   * Conda channels that the users' environment is installed from.
   *
   * When: together with `tljh_extra_user_conda_packages`, as root.
   * Result: names or URLs of channels, in the order of their priority; after them come those of
   * `--channel`, or `conda-forge`.
   *
   * ```ts
   * export const tljh_extra_user_conda_channels = hookimpl(() => ["conda-forge", "bioconda"]);
   * ```
   */
  tljh_extra_user_conda_channels: Listing;

  /**
   * Python packages that pip installs into the users' environment.
   *
   * When: after the conda packages, as root.
   * Result: pip requirements, and options of pip (`--extra-index-url=…`), for `pip install --upgrade`.
   *
   * ```ts
   * export const tljh_extra_user_pip_packages = hookimpl(() => ["simplejson>=3"]);
   * ```
   */
  tljh_extra_user_pip_packages: Listing;

  /**
   * Python packages that pip installs into the hub's environment, such as authenticators and spawners.
   *
   * When: before the hub is started, as root.
   * Result: pip requirements, and options of pip, for `pip install --upgrade`.
   *
   * ```ts
   * export const tljh_extra_hub_pip_packages = hookimpl(() => ["jupyterhub-ldapauthenticator"]);
   * ```
   */
  tljh_extra_hub_pip_packages: Listing;

  /**
   * Debian or Ubuntu packages.
   *
   * When: before the packages of pip and conda, as root.
   * Result: names of packages; `name=version` is possible.
   *
   * ```ts
   * export const tljh_extra_apt_packages = hookimpl(() => ["graphviz"]);
   * ```
   */
  tljh_extra_apt_packages: Listing;

  /**
   * Changes JupyterHub's configuration: whatever can stand in `jupyterhub_config.py` as plain data.
   *
   * When: before each start of the hub, as root. `c` starts empty and records;
   * what it holds is applied after `config.yaml` and before `config/jupyterhub_config.d/*.py`.
   * Result: none.
   *
   * ```ts
   * export const tljh_custom_jupyterhub_config = hookimpl(({ c }) => {
   *   c.JupyterHub.services.append({ name: "grader", url: "http://127.0.0.1:9000" });
   *   c.Spawner.environment = { COURSE: "climate" };
   * });
   * ```
   */
  tljh_custom_jupyterhub_config: {
    readonly arguments: { readonly c: JupyterHubConfig; readonly settings: Settings };
    readonly result: undefined;
  };

  /**
   * Changes `config.yaml`.
   *
   * When: first of all hooks, at every `tljh install`, `apply` and `plan`, as root. Each plugin sees what
   * those before it changed.
   * Result: none; `config` is changed in place, and what differs is written, with comments and layout
   * kept. The admin's own settings should be left as they are.
   *
   * ```ts
   * export const tljh_config_post_install = hookimpl(({ config }) => {
   *   config.limits ??= {};
   *   config.limits.memory ??= "1G";
   * });
   * ```
   */
  tljh_config_post_install: {
    readonly arguments: { readonly config: TljhConfig; readonly settings: Settings };
    readonly result: undefined;
  };

  /**
   * Anything else that belongs to an installation.
   *
   * When: last of all hooks of an installation, as root, in the installer's working directory. Later
   * installations call it again when plugins, environments or the program have changed, so it should find
   * its own work done.
   * Result: none.
   *
   * ```ts
   * export const tljh_post_install = hookimpl(async () => {
   *   await mkdir("/srv/data", { recursive: true });
   * });
   * ```
   */
  tljh_post_install: {
    readonly arguments: { readonly settings: Settings };
    readonly result: undefined;
  };

  /**
   * Prepares a new user's account.
   *
   * When: once for each user, as root, after the Unix account and its home were made and before the
   * user's first server starts. A plugin that fails here is logged and keeps nobody out.
   * `username` is the name of the Unix account (`jupyter-alice`), not the one used to log in.
   * Result: none.
   *
   * ```ts
   * export const tljh_new_user_create = hookimpl(async ({ username }) => {
   *   await appendFile("/srv/accounts.log", `${username}\n`);
   * });
   * ```
   */
  tljh_new_user_create: {
    readonly arguments: { readonly username: string; readonly settings: Settings };
    readonly result: undefined;
  };

  /**
   * Prepares each start of a user's server: its environment, files at home, a check of the quota.
   *
   * When: before each start of a user's server, named ones too, as root, when the account is there.
   * A plugin that fails here is reported, what it changed is dropped, and the server starts all the same.
   * `username` is the name of the Unix account (`jupyter-alice`); `environment` holds the environment
   * variables of the server, and is changed in place. JupyterHub's own (`JUPYTERHUB_…`) stay as they are.
   * Result: none.
   *
   * ```ts
   * export const tljh_pre_spawn = hookimpl(({ username, environment }) => {
   *   environment.SCRATCH = `/scratch/${username}`;
   * });
   * ```
   */
  tljh_pre_spawn: {
    readonly arguments: {
      readonly username: string;
      readonly environment: Record<string, string>;
      readonly settings: Settings;
    };
    readonly result: undefined;
  };

  /**
   * Tidies up after a user who is gone from the hub.
   *
   * When: once after an admin, or the culler with `services.cull.users`, has removed a user from the hub, as
   * root. The Unix account and its home are still there: they are the admin's to remove.
   * `username` is the name of the Unix account (`jupyter-alice`).
   * Result: none.
   *
   * ```ts
   * export const tljh_user_removed = hookimpl(async ({ username }) => {
   *   await rm(`/scratch/${username}`, { recursive: true, force: true });
   * });
   * ```
   */
  tljh_user_removed: {
    readonly arguments: { readonly username: string; readonly settings: Settings };
    readonly result: undefined;
  };

  /**
   * Looks whether what the plugin is responsible for works.
   *
   * When: at each `tljh doctor` and `tljh status`, as root. It should only look, and answer in seconds.
   * Result: a list of findings, each with a `name`, a `status` (`ok`, `warning` or `error`), a `message`
   * that says what was seen, and for what is not ok a `remedy`.
   *
   * ```ts
   * export const tljh_health_checks = hookimpl(async () => [
   *   (await exists("/scratch"))
   *     ? { name: "scratch", status: "ok", message: "/scratch is there" }
   *     : { name: "scratch", status: "error", message: "/scratch is missing", remedy: "Mount it: sudo mount /scratch" },
   * ]);
   * ```
   */
  tljh_health_checks: {
    readonly arguments: { readonly settings: Settings };
    readonly result: readonly HealthFinding[];
  };
}

/** What a health check has found. */
export interface HealthFinding {
  /** What was looked at, in a word or two. */
  readonly name: string;
  readonly status: "ok" | "warning" | "error";
  /** What was seen, as a sentence. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly remedy?: string;
}

export type TljhHookName = keyof TljhHooks;

/** A plugin written as one object, each hook checked by the compiler: `const plugin: TljhPlugin = { … }`. */
export type TljhPlugin = PluginOf<TljhHooks>;

/** The name that marks of implementations belong to. */
export const project = "tljh";

/**
 * Marks a function as the implementation of the hook that it is exported as.
 * `hookimpl<"tljh_new_user_create">(…)` has the compiler check it against that hook alone.
 */
export const hookimpl: HookimplMarker<TljhHooks> = createHookimplMarker<TljhHooks>(project);

/** Every hook as `TljhHooks` has it, with `settings` of these types. */
type HooksWith<Settings> = {
  readonly [Name in keyof TljhHooks]: Omit<TljhHooks[Name], "arguments"> & {
    readonly arguments: Omit<TljhHooks[Name]["arguments"], "settings"> & {
      readonly settings: Settings;
    };
  };
};

/** What `settings` gives: export `schema` as `tljh_settings_schema`, and mark hooks with its `hookimpl`. */
export interface DeclaredSettings<Keys> {
  readonly schema: Marked<"tljh_settings_schema">;
  readonly hookimpl: HookimplMarker<HooksWith<SettingsOf<Keys>>>;
}

/** Declares a plugin's section of `config.yaml`: see `tljh_settings_schema`. */
export function settings<const Keys extends SettingKeys>(
  section: string,
  keys: Keys & OnlyKnown<Keys>,
): DeclaredSettings<Keys> {
  return {
    schema: hookimpl<"tljh_settings_schema">(() => ({ section, keys })),
    hookimpl: createHookimplMarker<HooksWith<SettingsOf<Keys>>>(project),
  };
}

/** The specifications that the plugin manager works with. */
export const hookspecs = {
  tljh_settings_schema: hookspec<TljhHooks["tljh_settings_schema"]>({ arguments: [] }),
  tljh_config_post_install: hookspec<TljhHooks["tljh_config_post_install"]>({
    arguments: ["config", "settings"],
  }),
  tljh_extra_apt_packages: hookspec<Listing>({ arguments: ["settings"] }),
  tljh_extra_hub_pip_packages: hookspec<Listing>({ arguments: ["settings"] }),
  tljh_extra_user_conda_packages: hookspec<Listing>({ arguments: ["settings"] }),
  tljh_extra_user_conda_channels: hookspec<Listing>({ arguments: ["settings"] }),
  tljh_extra_user_pip_packages: hookspec<Listing>({ arguments: ["settings"] }),
  tljh_post_install: hookspec<TljhHooks["tljh_post_install"]>({ arguments: ["settings"] }),
  tljh_custom_jupyterhub_config: hookspec<TljhHooks["tljh_custom_jupyterhub_config"]>({
    arguments: ["c", "settings"],
  }),
  tljh_new_user_create: hookspec<TljhHooks["tljh_new_user_create"]>({
    arguments: ["username", "settings"],
  }),
  tljh_pre_spawn: hookspec<TljhHooks["tljh_pre_spawn"]>({
    arguments: ["username", "environment", "settings"],
  }),
  tljh_user_removed: hookspec<TljhHooks["tljh_user_removed"]>({
    arguments: ["username", "settings"],
  }),
  tljh_health_checks: hookspec<TljhHooks["tljh_health_checks"]>({ arguments: ["settings"] }),
};
