"""Where things are, and `tljh-config` as a module."""

import os
import re
import subprocess
import sys
from typing import Any

from tljh._items import (
    add_item_to_config as add_item_to_config,
    parse_value as parse_value,
    remove_item_from_config as remove_item_from_config,
    set_item_in_config as set_item_in_config,
    unset_item_from_config as unset_item_from_config,
)
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


def show_config(config_path: str = CONFIG_FILE) -> None:
    """Print config.yaml as it stands."""
    print(_tljh_config(config_path, "show"), end="")


def set_config_value(
    config_path: str, key_path: str, value: Any, validate: bool = True
) -> None:
    """Set a key of the file to text, a number, a truth value or None."""
    _change(config_path, validate, "set", key_path, _typed(value))


def unset_config_value(config_path: str, key_path: str, validate: bool = True) -> None:
    """Remove a key of the file. ValueError if it is not there."""
    _change(config_path, validate, "unset", key_path)


def add_config_value(
    config_path: str, key_path: str, value: Any, validate: bool = True
) -> None:
    """Append to a list of the file."""
    _change(config_path, validate, "add-item", key_path, _typed(value))


def remove_config_value(
    config_path: str, key_path: str, value: Any, validate: bool = True
) -> None:
    """Remove from a list of the file. ValueError if it is not there."""
    _change(config_path, validate, "remove-item", key_path, _typed(value))


def reload_component(component: str = "hub") -> None:
    """Restart the hub or the proxy with the configuration as it is now."""
    subprocess.run([program("tljh-config"), "reload", component], check=True)


def _typed(value: Any) -> str:
    if value is None or isinstance(value, (str, int, float)):
        return str(value)
    raise TypeError(
        f"{value!r} cannot be set at once: set its keys, or add its items, one by one"
    )


def _change(config_path: str, validate: bool, *words: str) -> None:
    options = [] if validate else ["--no-validate"]
    command, *operands = words
    _tljh_config(config_path, *options, command, "--", *operands)


def _tljh_config(config_path: str, *words: str) -> str:
    """Have `tljh-config` do it; what it refuses ends this program, as it always did."""
    command = [program("tljh-config"), "--config-path", os.fspath(config_path), *words]
    process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode == 0:
        return process.stdout
    if missing := re.search(
        r"\S+ (?:does not exist in config!|is not a list)", process.stderr
    ):
        raise ValueError(missing[0])
    print(process.stderr, end="", file=sys.stderr)
    sys.exit(1)


def main(argv: list[str] | None = None) -> None:
    """Become `tljh-config`."""
    arguments = sys.argv[1:] if argv is None else argv
    path = program("tljh-config")
    os.execv(path, [path, *arguments])


if __name__ == "__main__":
    main()
