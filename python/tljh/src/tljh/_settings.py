"""Each plugin's own settings, where code calls hooks that knows of none."""

import json
import os
from collections.abc import Callable
from typing import Any

import pluggy

from tljh import config

ARGUMENT = "settings"


def read_settings() -> dict[str, dict[str, Any]]:
    """By plugin, as the program wrote them for the hub; none where it may not be read."""
    path = os.path.join(config.STATE_DIR, "jupyterhub-config.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file).get("settings") or {}
    except (OSError, ValueError, AttributeError):
        return {}


def fill_in(manager: pluggy.PluginManager) -> None:
    """Have the hooks take one argument less, which each implementation is given."""
    settings = read_settings()
    for caller in vars(manager.hook).values():
        if caller.spec is not None:
            caller.spec.argnames = _without(caller.spec.argnames)
        for one in caller.get_hookimpls():
            if ARGUMENT in one.argnames:
                own = settings.get(one.plugin_name) or {}
                one.function = _given(one.function, one.argnames, own)
                one.argnames = _without(one.argnames)


def _given(function: Callable[..., Any], names: Any, settings: Any) -> Any:
    """pluggy passes arguments by their places."""
    place = list(names).index(ARGUMENT)

    def call(*arguments: Any) -> Any:
        return function(*arguments[:place], settings, *arguments[place:])

    return call


def _without(names: Any) -> tuple[str, ...]:
    return tuple(name for name in names if name != ARGUMENT)
