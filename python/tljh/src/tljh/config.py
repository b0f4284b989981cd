"""Where things are, and `tljh-config` as a module."""

import os
import subprocess
import sys
from typing import Any

from tljh.yaml import yaml

INSTALL_PREFIX = os.environ.get("TLJH_INSTALL_PREFIX") or "/opt/tljh"
HUB_ENV_PREFIX = os.path.join(INSTALL_PREFIX, "hub")
USER_ENV_PREFIX = os.path.join(INSTALL_PREFIX, "user")
STATE_DIR = os.path.join(INSTALL_PREFIX, "state")
CONFIG_DIR = os.path.join(INSTALL_PREFIX, "config")
CONFIG_FILE = os.path.join(CONFIG_DIR, "config.yaml")


def program(name: str) -> str:
    """The path of `tljh` or `tljh-config`, whose work this package never repeats."""
    return os.path.join(INSTALL_PREFIX, "app", "bin", name)


def get_current_config(config_path: str = CONFIG_FILE) -> Any:
    """What stands in config.yaml, without any default."""
    try:
        with open(config_path, encoding="utf-8") as file:
            content = yaml.load(file)
    except FileNotFoundError:
        content = None
    return {} if content is None else content


def reload_component(component: str = "hub") -> None:
    """Restart the hub or the proxy with the configuration as it is now."""
    subprocess.run([program("tljh-config"), "reload", component], check=True)


def main(argv: list[str] | None = None) -> None:
    """Become `tljh-config`."""
    arguments = sys.argv[1:] if argv is None else argv
    path = program("tljh-config")
    os.execv(path, [path, *arguments])


if __name__ == "__main__":
    main()
