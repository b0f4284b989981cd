import type { TljhHookName } from "../hooks.ts";

/** Seconds that one plugin may take in each hook, unless `plugins.hook_timeout` says otherwise. */
export const hookTimeouts = {
  tljh_settings_schema: 60,
  tljh_config_post_install: 60,
  tljh_extra_apt_packages: 60,
  tljh_extra_hub_pip_packages: 60,
  tljh_extra_user_conda_packages: 60,
  tljh_extra_user_conda_channels: 60,
  tljh_extra_user_pip_packages: 60,
  tljh_user_environment_checks: 60,
  tljh_post_install: 600,
  tljh_custom_jupyterhub_config: 60,
  tljh_new_user_create: 60,
  tljh_pre_spawn: 30,
  tljh_user_removed: 60,
  tljh_health_checks: 30,
} as const satisfies Readonly<Record<TljhHookName, number>>;
