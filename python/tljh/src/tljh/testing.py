"""
What a plugin's tests need: the plugin, called as the program would, without a server.

    from tljh.testing import load_plugin

    def test_leaves_the_limit_that_an_administrator_has_set():
        plugin = load_plugin("tljh_stars")
        config = {"limits": {"memory": "8G"}}
        assert plugin.call("tljh_config_post_install", config=config) == config
"""

import os
from collections.abc import Mapping
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from tljh._answers import (
    LIST_HOOKS,
    PluginProblem,
    check_checks,
    check_findings,
    check_list,
)
from tljh._config_tree import from_tree, to_tree
from tljh._manifest import plugin_in
from tljh._plain import from_plain, to_plain
from tljh._plugins import new_manager

__all__ = ["PluginProblem", "PluginUnderTest", "load_plugin"]

SCHEMA = "tljh_settings_schema"


class PluginUnderTest:
    """A plugin that a test can call."""

    def __init__(self, plugin: Any, name: str, settings: Mapping[str, Any]) -> None:
        self.name = name
        self._manager = new_manager()
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginProblem(f"{name}: {error}") from error
        self.settings = self._filled(settings)

    @property
    def hooks(self) -> list[str]:
        """The hooks that it implements."""
        callers = self._manager.get_hookcallers(self._manager.get_plugin(self.name))
        return [caller.name for caller in callers or []]

    def call(self, hook: str, **arguments: Any) -> Any:
        """
        Call one hook with copies of the arguments.

        Lists come back with each entry once. `config`, `c` and `environment` come back
        as the hook leaves them; `c` is given and comes back as a dict of dicts,
        {"Spawner": {"cmd": [...]}}. An answer that makes no sense raises PluginProblem.
        """
        if hook not in self.hooks:
            known = ", ".join(self.hooks) or "none"
            raise PluginProblem(
                f"{self.name} does not implement {hook}; its hooks: {known}"
            )
        caller: "pluggy.HookCaller" = getattr(self._manager.hook, hook)
        given = self._arguments(caller, arguments)
        answer = _united(caller(**given))
        if hook in LIST_HOOKS:
            return check_list(self.name, hook, to_plain(answer))
        if hook == "tljh_health_checks":
            return check_findings(self.name, to_plain(answer))
        if hook == "tljh_user_environment_checks":
            return check_checks(self.name, to_plain(answer))
        return _changed(given) if answer is None else to_plain(answer)

    def _filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of the test, with the defaults that the plugin declares."""
        declared: dict[str, Any] = {}
        if SCHEMA in self.hooks:
            declared = to_plain(getattr(self._manager.hook, SCHEMA)()[0])["keys"]
        if unknown := sorted(set(given) - set(declared)):
            raise PluginProblem(f"{self.name} declares no setting {unknown[0]}")
        defaults = {
            name: key["default"] for name, key in declared.items() if "default" in key
        }
        return deepcopy({**defaults, **given})

    def _arguments(
        self, caller: "pluggy.HookCaller", arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        wanted = list(caller.spec.argnames) if caller.spec else []
        if unknown := sorted(set(arguments) - set(wanted)):
            raise PluginProblem(f"{caller.name} has no argument {unknown[0]}")
        return {name: self._argument(name, arguments) for name in wanted}

    def _argument(self, name: str, arguments: Mapping[str, Any]) -> Any:
        if name == "settings":
            return deepcopy(arguments.get(name, self.settings))
        if name == "config":
            return from_plain(deepcopy(arguments.get(name, {})))
        if name == "c":
            return from_tree(arguments.get(name, {}))
        if name == "environment":
            return dict(arguments.get(name, {}))
        if name not in arguments:
            raise PluginProblem(f"{name} is missing: call(..., {name}='jupyter-alice')")
        return arguments[name]


def load_plugin(
    plugin: ModuleType | str | os.PathLike[str] | object,
    name: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> PluginUnderTest:
    """
    Load a plugin: a module, the name of one, or a folder by its manifest.

    It is checked as for an installation. `name` says which plugin of a folder is meant;
    `settings` is its own section of config.yaml: its hooks are given it with defaults
    filled in.
    """
    given = dict(settings or {})
    if isinstance(plugin, os.PathLike) or (isinstance(plugin, str) and "/" in plugin):
        found, module = plugin_in(Path(plugin), name)
        return PluginUnderTest(module, found, given)
    if isinstance(plugin, str):
        return PluginUnderTest(import_module(plugin), name or plugin, given)
    called = name or str(getattr(plugin, "__name__", "plugin"))
    return PluginUnderTest(plugin, called, given)


def _united(results: list[Any]) -> Any:
    if len(results) < 2:
        return results[0] if results else None
    return [item for result in results for item in result]


def _changed(given: Mapping[str, Any]) -> Any:
    """The argument that the hook is there to change, if it has one."""
    if "c" in given:
        return to_tree(given["c"])
    for name in ("config", "environment"):
        if name in given:
            return to_plain(given[name])
    return None
