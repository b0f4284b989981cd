"""
The hooks a plugin may implement.

A plugin is a module whose functions are marked with `hookimpl`, found by its entry
point in the group `tljh`:

    from tljh.hooks import hookimpl

    @hookimpl
    def tljh_extra_user_conda_packages():
        return ["xarray"]

A hook takes of its arguments those it needs. `settings` is the plugin's own section of
config.yaml, with the defaults of what it lacks; empty for a plugin that declares no
settings. A hook that returns None contributes nothing.
"""

# mypy: disable-error-code="empty-body"

from collections.abc import Mapping
from typing import Any

import pluggy

hookspec = pluggy.HookspecMarker("tljh")
hookimpl = pluggy.HookimplMarker("tljh")

Settings = Mapping[str, Any]


@hookspec
def tljh_settings_schema() -> dict[str, Any]:
    """
    The plugin's own section of config.yaml: a dict with `section`, its name, and `keys`.

    Each key has a `type` (`string`, `integer`, `number`, `boolean`, `array` with `items`,
    `object` with `additionalProperties`), a `description`, and as JSON Schema has them
    `default`, `enum`, `minimum`, `maximum`, `minLength`, `maxLength`, `pattern` and
    `examples`; `"secret": True` keeps the value out of messages. The plugin's other hooks
    get the checked values as `settings`; a key without a default that is not in
    config.yaml is not in it.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_settings_schema():
            gigabytes = {
                "type": "integer",
                "minimum": 1,
                "default": 10,
                "description": "Disk space of each user.",
            }
            return {"section": "quota", "keys": {"gigabytes": gigabytes}}

        @hookimpl
        def tljh_new_user_create(username, settings):
            print(f"{username} may fill {settings['gigabytes']} GB")
    """


@hookspec
def tljh_config_post_install(config: dict[str, Any], settings: Settings) -> None:
    """
    Change config.yaml.

    `config` is what stands in the file; change it in place. Take care not to replace
    what the admin set: `config.setdefault("limits", {})` is kinder than an assignment.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_config_post_install(config):
            config.setdefault("limits", {}).setdefault("memory", "1G")
    """


@hookspec
def tljh_extra_apt_packages(settings: Settings) -> list[str]:
    """
    Names of apt packages. They are installed before any conda or pip package.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_extra_apt_packages():
            return ["graphviz"]
    """


@hookspec
def tljh_extra_hub_pip_packages(settings: Settings) -> list[str]:
    """
    Requirements that pip installs in the hub's environment.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_extra_hub_pip_packages():
            return ["jupyterhub-ldapauthenticator"]
    """


@hookspec
def tljh_extra_user_conda_packages(settings: Settings) -> list[str]:
    """
    Conda packages for the users' environment.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_extra_user_conda_packages():
            return ["xarray", "dask >=2024"]
    """


@hookspec
def tljh_extra_user_conda_channels(settings: Settings) -> list[str]:
    """
    Channels these conda packages come from, before `conda-forge`.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_extra_user_conda_channels():
            return ["conda-forge", "bioconda"]
    """


@hookspec
def tljh_extra_user_pip_packages(settings: Settings) -> list[str]:
    """
    Requirements, or options such as `--extra-index-url=…`, for pip in the users'
    environment.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_extra_user_pip_packages():
            return ["simplejson>=3"]
    """


@hookspec
def tljh_user_environment_checks(settings: Settings) -> list[dict[str, Any]]:
    """
    Programs that must work in a changed users' environment before it goes live.

    Each check is a dict with a `name` and a `command`, a list of a program and its
    arguments. They run in the environment, as nobody; one that ends with anything but 0
    keeps it from going live.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_user_environment_checks():
            command = ["python", "-c", "import xarray, netCDF4"]
            return [{"name": "xarray reads netCDF", "command": command}]
    """


@hookspec
def tljh_post_install(settings: Settings) -> None:
    """
    Do anything else, as root, when all the other hooks are through.

        import os

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_post_install():
            os.makedirs("/srv/data", exist_ok=True)
    """


@hookspec
def tljh_custom_jupyterhub_config(c: Any, settings: Settings) -> None:
    """
    Change JupyterHub's configuration.

    Called at each start of the hub, inside it, with the real traitlets `c`, already
    filled from config.yaml. `jupyterhub_config.d` comes after it.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_custom_jupyterhub_config(c):
            c.JupyterHub.services.append({"name": "grader", "url": "http://127.0.0.1:9000"})
            c.Spawner.environment = {"COURSE": "climate"}
    """


@hookspec
def tljh_new_user_create(username: str, settings: Settings) -> None:
    """
    A Unix account was just made for a user.

    `username` is the system's name of it, for example `jupyter-alice`.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_new_user_create(username):
            with open("/srv/accounts.log", "a") as log:
                print(username, file=log)
    """


@hookspec
def tljh_pre_spawn(
    username: str, environment: dict[str, str], settings: Settings
) -> None:
    """
    A server of a user is about to start.

    `username` is the system's name, for example `jupyter-alice`; `environment` holds the
    server's environment variables, to be changed in place.

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_pre_spawn(username, environment):
            environment["SCRATCH"] = f"/scratch/{username}"
    """


@hookspec
def tljh_user_removed(username: str, settings: Settings) -> None:
    """
    A user was removed from the hub. Account and home are still there.

    `username` is the system's name of it, for example `jupyter-alice`.

        import shutil

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_user_removed(username):
            shutil.rmtree(f"/scratch/{username}", ignore_errors=True)
    """


@hookspec
def tljh_health_checks(settings: Settings) -> list[dict[str, str]]:
    """
    Findings, each a dict with `name`, `status` (`ok`, `warning` or `error`), `message`,
    and for what is not ok `remedy`.

        import os

        from tljh.hooks import hookimpl

        @hookimpl
        def tljh_health_checks():
            if os.path.isdir("/scratch"):
                return [{"name": "scratch", "status": "ok", "message": "/scratch is there"}]
            finding = {"name": "scratch", "status": "error", "message": "/scratch is missing"}
            return [{**finding, "remedy": "Mount it: sudo mount /scratch"}]
    """
