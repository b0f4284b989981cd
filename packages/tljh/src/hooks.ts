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
 * `{ trylast: true }` as second argument of `hookimpl` change that.
 *
 * A hook fails that throws, that gives back what makes no sense, or that takes longer than it may: 60 seconds,
 * `tljh_post_install` 600, `tljh_pre_spawn` and `tljh_health_checks` 30, unless `plugins.hook_timeout` in
 * `config.yaml` says otherwise. Plugins live in processes of their own, so that whatever one does, the others go
 * on; only in Python `tljh_custom_jupyterhub_config` runs inside JupyterHub. Such a process comes and goes: what a
 * plugin wants to know later it keeps in a file. A wrapper stands around what its own plugin does, not around others.
 *
 * What plugins contribute to an installation is asked at each `tljh plan` too: lists and `tljh_config_post_install`
 * should only answer. What one has contributed is taken away again when it no longer asks for it, or is
 * removed, unless somebody else wants it.
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
   * When: after the plugin was loaded, wherever plugins are. It should only answer, and always the same.
   * As: root.
   * Directory: any.
   * Result: `section`, a name that no other plugin has, and `keys`: for each key its `type` (`string`,
   * `integer`, `number`, `boolean`, `array` with `items`, `object` with `additionalProperties`), its
   * `description`, and as JSON Schema has them `default`, `enum`, `minimum`, `maximum`, `minLength`,
   * `maxLength`, `pattern` and `examples`; `secret: true` keeps the value out of messages. Every other hook of
   * the plugin is handed the checked values as `settings`, with defaults filled in; a setting that has none and
   * is not in `config.yaml` is absent. In TypeScript `settings()` gives `settings` its types.
   * Failure: the plugin takes no part, as one that cannot be loaded: its other hooks would not know their
   * settings.
   * Since: 2.1.
   *
   * ```ts
   * import { settings } from "tljh/hooks";
   *
   * const quota = settings("quota", {
   *   gigabytes: { type: "integer", minimum: 1, default: 10, description: "Disk space of each user." },
   * });
   *
   * export const tljh_settings_schema = quota.schema;
   * export const tljh_new_user_create = quota.hookimpl(({ username, settings }) => {
   *   console.error(`${username} may fill ${settings.gigabytes} GB`);
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
   * When: at each `tljh install`, `apply` and `plan`, once, before anything is changed. It should only answer.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: conda match specs. All plugins' lists are united and installed in one transaction.
   * Failure: ends the command before anything is changed, with an error that names the plugin. With
   * `--skip-failing-plugins` the plugin takes no part, and what it contributed earlier stays.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray", "dask >=2024"]);
   * ```
   */
  tljh_extra_user_conda_packages: Listing;

  /**
   * Conda channels that the users' environment is installed from.
   *
   * When: at each `tljh install`, `apply` and `plan`, once, before anything is changed. It should only answer.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: names or URLs of channels, in the order of their priority; after them come those of `--channel`, or
   * `conda-forge`.
   * Failure: ends the command before anything is changed, with an error that names the plugin. With
   * `--skip-failing-plugins` the plugin takes no part, and what it contributed earlier stays.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_extra_user_conda_channels = hookimpl(() => ["conda-forge", "bioconda"]);
   * ```
   */
  tljh_extra_user_conda_channels: Listing;

  /**
   * Python packages that pip installs into the users' environment, after the conda packages.
   *
   * When: at each `tljh install`, `apply` and `plan`, once, before anything is changed. It should only answer.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: pip requirements, and options of pip (`--extra-index-url=…`), for `pip install --upgrade`.
   * Failure: ends the command before anything is changed, with an error that names the plugin. With
   * `--skip-failing-plugins` the plugin takes no part, and what it contributed earlier stays.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_extra_user_pip_packages = hookimpl(() => ["simplejson>=3"]);
   * ```
   */
  tljh_extra_user_pip_packages: Listing;

  /**
   * Python packages that pip installs into the hub's environment, such as authenticators and spawners. They are
   * there before the hub starts.
   *
   * When: at each `tljh install`, `apply` and `plan`, once, before anything is changed. It should only answer.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: pip requirements, and options of pip, for `pip install --upgrade`.
   * Failure: ends the command before anything is changed, with an error that names the plugin. With
   * `--skip-failing-plugins` the plugin takes no part, and what it contributed earlier stays.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_extra_hub_pip_packages = hookimpl(() => ["jupyterhub-ldapauthenticator"]);
   * ```
   */
  tljh_extra_hub_pip_packages: Listing;

  /**
   * Programs that must work in the users' environment. Beside what is always looked at (that a user's server
   * starts, that what was asked for can be imported, that `pip check` finds nothing new), these are run in a
   * changed environment before it goes live.
   *
   * When: at `tljh install` and `apply`, when the users' environment has changed and is not in use yet. It
   * should only answer.
   * As: root; the programs that it names run as nobody, with nothing of root's environment, and may take 300
   * seconds each.
   * Directory: the one that the command was started in; `/` for the programs.
   * Result: a list of checks, each with a `name` that an admin understands and a `command`: a program of the
   * environment, or one with its path, and its arguments. One that ends with anything but 0 keeps the changed
   * environment from going live.
   * Failure: the environment in use stays as it is, and an error names the plugin. With
   * `--skip-failing-plugins` a plugin whose hook fails has nothing tried.
   * Since: 2.1.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_user_environment_checks = hookimpl(() => [
   *   { name: "xarray reads netCDF", command: ["python", "-c", "import xarray, netCDF4"] },
   * ]);
   * ```
   */
  tljh_user_environment_checks: {
    readonly arguments: { readonly settings: Settings };
    readonly result: readonly EnvironmentCheck[];
  };

  /**
   * Debian or Ubuntu packages, installed before those of pip and conda.
   *
   * When: at each `tljh install`, `apply` and `plan`, once, before anything is changed. It should only answer.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: names of packages; `name=version` is possible.
   * Failure: ends the command before anything is changed, with an error that names the plugin. With
   * `--skip-failing-plugins` the plugin takes no part, and what it contributed earlier stays.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_extra_apt_packages = hookimpl(() => ["graphviz"]);
   * ```
   */
  tljh_extra_apt_packages: Listing;

  /**
   * Changes JupyterHub's configuration. In TypeScript that is whatever can stand in `jupyterhub_config.py` as
   * plain data: `c` records what is done to it. In Python `c` is JupyterHub's own, and takes classes and
   * functions too.
   *
   * When: before each start of the hub, after `config.yaml` was applied and before
   * `config/jupyterhub_config.d/*.py`; in Python inside JupyterHub. It should only answer.
   * As: root.
   * Directory: `/opt/tljh/state`.
   * Result: none; `c` is changed in place.
   * Failure: the hub starts without what the plugin would have set, and `tljh status` names the plugin.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
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
   * Changes `config.yaml`. The admin's own settings should be left as they are: set what is not set.
   *
   * When: at each `tljh install`, `apply` and `plan`, once, before anything is changed. Each plugin sees what
   * those before it changed. It should only answer.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: none; `config`, what stands in the file without defaults, is changed in place, and what differs is
   * written, with comments and layout kept.
   * Failure: ends the command before anything is changed, with an error that names the plugin. With
   * `--skip-failing-plugins` the plugin takes no part, and what it contributed earlier stays.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
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
   * When: last of all at `tljh install` and `apply`, when the hub is up. Later runs call it again when plugins,
   * environments or the program have changed, so it should find its own work done.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: none.
   * Failure: the installation ends with an error that names the plugin; run again, it calls the hook again.
   * With `--skip-failing-plugins` the error is told, and the others are called.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { mkdir } from "node:fs/promises";
   * import { hookimpl } from "tljh/hooks";
   *
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
   * Prepares a new user's account. `username` is the name of the Unix account (`jupyter-alice`), not the one
   * used to log in.
   *
   * When: once for each user, after the Unix account and its home were made and before the user's first server
   * starts.
   * As: root.
   * Directory: `/`.
   * Result: none.
   * Failure: the user's server starts all the same, and `tljh status` names the plugin.
   * Since: 1.0 of the original.
   *
   * ```ts
   * import { appendFile } from "node:fs/promises";
   * import { hookimpl } from "tljh/hooks";
   *
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
   * Prepares each start of a user's server: its environment, files at home, a check of the quota. `username` is
   * the name of the Unix account (`jupyter-alice`); `environment` holds the environment variables of the
   * server.
   *
   * When: before each start of a user's server, named ones too, when the account is there. The user waits for
   * it.
   * As: root.
   * Directory: `/`.
   * Result: none; `environment` is changed in place. JupyterHub's own variables (`JUPYTERHUB_…`) stay as they
   * are.
   * Failure: what the plugin changed is dropped, the server starts all the same, and `tljh status` names the
   * plugin.
   * Since: 2.1.
   *
   * ```ts
   * import { hookimpl } from "tljh/hooks";
   *
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
   * Tidies up after a user who is gone from the hub. The Unix account and its home are still there: they are
   * the admin's to remove. `username` is the name of the Unix account (`jupyter-alice`).
   *
   * When: once after an admin, or the culler with `services.cull.users`, has removed a user from the hub.
   * As: root.
   * Directory: `/`.
   * Result: none.
   * Failure: the user is gone all the same, and `tljh status` names the plugin.
   * Since: 2.1.
   *
   * ```ts
   * import { rm } from "node:fs/promises";
   * import { hookimpl } from "tljh/hooks";
   *
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
   * When: at each `tljh doctor` and `tljh status`. It should only look, and answer in seconds.
   * As: root.
   * Directory: the one that the command was started in.
   * Result: a list of findings, each with a `name`, a `status` (`ok`, `warning` or `error`), a `message` that
   * says what was seen, and for what is not ok a `remedy`.
   * Failure: the plugin is named with what went wrong; the others' findings are told.
   * Since: 2.1.
   *
   * ```ts
   * import { existsSync } from "node:fs";
   * import { hookimpl } from "tljh/hooks";
   *
   * export const tljh_health_checks = hookimpl<"tljh_health_checks">(() => {
   *   if (existsSync("/scratch")) return [{ name: "scratch", status: "ok", message: "/scratch is there" }];
   *   const remedy = "Mount it: sudo mount /scratch";
   *   return [{ name: "scratch", status: "error", message: "/scratch is missing", remedy }];
   * });
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

/** A program that must work in a changed environment. */
export interface EnvironmentCheck {
  /** What is tried, in a few words. */
  readonly name: string;
  /** A program and its arguments. */
  readonly command: readonly string[];
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
  tljh_user_environment_checks: hookspec<TljhHooks["tljh_user_environment_checks"]>({
    arguments: ["settings"],
  }),
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
