import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hookimpl, settings } from "tljh/hooks";

/** Package in the apt archive; brings the program /usr/bin/figlet. */
const APT_PACKAGE = "figlet";
/** Package for the hub's pip. */
const HUB_PIP_PACKAGE = "tabulate";
/** Package of the conda channel. */
const USER_CONDA_PACKAGE = "ruamel.yaml";
/** Package for the users' pip. */
const USER_PIP_PACKAGE = "colorama";
/** A conda channel, if the environment names one. */
const USER_CONDA_CHANNEL = process.env.TLJH_SIMPLEST_CHANNEL;

/** In the installer's working directory. */
const POST_INSTALL_FILE = "test_tljh_post_install_ts";
/** One line for each account; the same file whoever makes the account, wherever that runs. */
const NEW_USER_FILE =
  process.env.TLJH_SIMPLEST_NEW_USER_FILE ??
  join(process.env.TLJH_INSTALL_PREFIX ?? "/opt/tljh", "state", "test_new_user_create_ts");
const MARK = "file_written_by_simplest_ts_plugin";

const simplest = settings("simplest-ts", {
  greeting: {
    type: "string",
    maxLength: 40,
    default: "Hello",
    description: "What new users are greeted with.",
  },
});

export const tljh_settings_schema = simplest.schema;

export const tljh_extra_apt_packages = hookimpl(() => [APT_PACKAGE]);

export const tljh_extra_hub_pip_packages = hookimpl(() => [HUB_PIP_PACKAGE]);

export const tljh_extra_user_conda_packages = hookimpl(() => [USER_CONDA_PACKAGE]);

export const tljh_extra_user_conda_channels = hookimpl(() =>
  USER_CONDA_CHANNEL ? [USER_CONDA_CHANNEL] : null,
);

export const tljh_extra_user_pip_packages = hookimpl(() => [USER_PIP_PACKAGE]);

export const tljh_custom_jupyterhub_config = hookimpl(({ c }) => {
  c.TestTs.jupyterhub_config_set_by_simplest_ts_plugin = true;
  c.Spawner.environment.update({ TLJH_SIMPLEST_TS: "set" });
});

export const tljh_config_post_install = hookimpl(({ config }) => {
  config.TestTs = { tljh_config_set_by_simplest_ts_plugin: true };
});

export const tljh_post_install = hookimpl(() => writeFileSync(POST_INSTALL_FILE, MARK));

export const tljh_new_user_create = hookimpl(({ username }) =>
  appendFileSync(NEW_USER_FILE, `${MARK} ${username}\n`),
);

export const tljh_pre_spawn = simplest.hookimpl(({ username, environment, settings }) => {
  environment.TLJH_SIMPLEST_TS_SPAWN = username;
  environment.TLJH_SIMPLEST_TS_GREETING = settings.greeting;
});

export const tljh_user_removed = hookimpl(({ username }) =>
  appendFileSync(`${NEW_USER_FILE}-removed`, `${MARK} ${username}\n`),
);

export const tljh_user_environment_checks = hookimpl(() => [
  { name: "Jupyter starts", command: ["jupyter", "--version"] },
]);

export const tljh_health_checks = hookimpl(() => [
  { name: "simplest-ts", status: "ok" as const, message: "TypeScript plugins run" },
]);
