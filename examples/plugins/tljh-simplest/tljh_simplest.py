"""Implements every hook, each with an effect that a test can see."""

import os

from tljh.hooks import hookimpl

# Package in the apt archive; brings the program /usr/bin/hello.
APT_PACKAGE = "hello"
# Package for the hub's pip.
HUB_PIP_PACKAGE = "colorama"
# Package of the conda channel.
USER_CONDA_PACKAGE = "pluggy"
# Package for the users' pip.
USER_PIP_PACKAGE = "tabulate"
# A conda channel, if the environment names one.
USER_CONDA_CHANNEL = os.environ.get("TLJH_SIMPLEST_PYTHON_CHANNEL")

# In the installer's working directory.
POST_INSTALL_FILE = "test_tljh_post_install_python"
# In the working directory of whoever makes the account, unless the environment says so.
NEW_USER_FILE = os.environ.get(
    "TLJH_SIMPLEST_PYTHON_NEW_USER_FILE", "test_new_user_create_python"
)
# In the same directory.
REMOVED_FILE = "test_user_removed_python"
MARK = "file_written_by_simplest_python_plugin"


@hookimpl
def tljh_settings_schema():
    greeting = {
        "type": "string",
        "maxLength": 40,
        "default": "Hello",
        "description": "What new users are greeted with.",
    }
    return {"section": "simplest", "keys": {"greeting": greeting}}


@hookimpl
def tljh_extra_apt_packages():
    return [APT_PACKAGE]


@hookimpl
def tljh_extra_hub_pip_packages():
    return [HUB_PIP_PACKAGE]


@hookimpl
def tljh_extra_user_conda_packages():
    return [USER_CONDA_PACKAGE]


@hookimpl
def tljh_extra_user_conda_channels():
    return [USER_CONDA_CHANNEL] if USER_CONDA_CHANNEL else None


@hookimpl
def tljh_extra_user_pip_packages():
    return [USER_PIP_PACKAGE]


@hookimpl
def tljh_custom_jupyterhub_config(c):
    c.TestPython.jupyterhub_config_set_by_simplest_python_plugin = True
    c.Spawner.environment.update({"TLJH_SIMPLEST_PYTHON": "set"})


@hookimpl
def tljh_config_post_install(config):
    config["TestPython"] = {"tljh_config_set_by_simplest_python_plugin": True}


@hookimpl
def tljh_post_install():
    with open(POST_INSTALL_FILE, "w") as file:
        file.write(MARK)


@hookimpl
def tljh_new_user_create(username):
    with open(NEW_USER_FILE, "a") as file:
        file.write(f"{MARK} {username}\n")


@hookimpl
def tljh_pre_spawn(username, environment, settings):
    environment["TLJH_SIMPLEST_PYTHON_SPAWN"] = username
    environment["TLJH_SIMPLEST_PYTHON_GREETING"] = settings["greeting"]


@hookimpl
def tljh_user_removed(username):
    with open(REMOVED_FILE, "a") as file:
        file.write(f"{MARK} {username}\n")


@hookimpl
def tljh_user_environment_checks():
    return [{"name": "Python starts", "command": ["python", "--version"]}]


@hookimpl
def tljh_health_checks():
    return [{"name": "simplest", "status": "ok", "message": "Python plugins run"}]
