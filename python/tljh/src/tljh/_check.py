"""
Looks at one plugin for its author: `python -m tljh._check`, for `tljh plugin check`.

JSON on standard input: the plugin's `name`, the program's `assignments`, the plugin's
`settings`. JSON on standard output: all `faults` of its hooks, and the traits that
`tljh_custom_jupyterhub_config` `changes`, with the `milliseconds` it took, or `error`.
What is no plain data is shown as Python writes it.
"""

import json
import os
import sys
import time
from copy import deepcopy
from types import ModuleType
from typing import Any

import pluggy
from traitlets.config.loader import Config

from tljh._assignments import apply_assignments
from tljh._config_tree import Tree, to_tree
from tljh._plain import to_plain
from tljh._plugins import describe, find_plugins, new_manager, trace_of

HOOK = "tljh_custom_jupyterhub_config"


def look(request: dict[str, Any]) -> dict[str, Any]:
    """What is to be said of the plugin; one that cannot be imported raises."""
    name = str(request["name"])
    plugin = next(point for point in find_plugins() if point.name == name).load()
    faults = _faults(plugin, name)
    manager = new_manager()
    try:
        manager.register(plugin, name)
    except pluggy.PluginValidationError:
        return {"faults": faults}
    c = Config()
    apply_assignments(request["assignments"], c)
    before = deepcopy(to_tree(c))
    begin = time.perf_counter()
    try:
        getattr(manager.hook, HOOK)(c=c, settings=request["settings"])
    except Exception as error:
        return {"faults": faults, "error": _failure(name, error)}
    milliseconds = round(1000 * (time.perf_counter() - begin))
    changes = _changes(before, to_tree(c))
    return {"faults": faults, "changes": changes, "milliseconds": milliseconds}


def _faults(plugin: Any, name: str) -> list[dict[str, str]]:
    """Each hook by itself, since pluggy stops at the first that is faulty."""
    faults = []
    for attribute in (name for name in dir(plugin) if not name.startswith("__")):
        alone = ModuleType(name)
        setattr(alone, attribute, getattr(plugin, attribute, None))
        manager = new_manager()
        try:
            manager.register(alone, name)
            manager.check_pending()
        except pluggy.PluginValidationError as error:
            faults.append({"hook": attribute, "message": _told(error)})
    return faults


def _told(error: pluggy.PluginValidationError) -> str:
    lines = str(error).splitlines()
    return " ".join(line for line in lines if not line.startswith("Plugin "))


def _failure(name: str, error: Exception) -> dict[str, str]:
    return {
        "code": "PLUGIN_HOOK_FAILED",
        "message": f"Plugin {name!r} failed in {HOOK}: {describe(error)}",
        "remedy": "Correct the plugin, or ask its author; the trace shows the place.",
        "trace": trace_of(error),
    }


def _changes(before: Tree, after: Tree) -> Tree:
    changed = {
        section: {
            trait: _shown(value)
            for trait, value in traits.items()
            if trait not in before.get(section, {}) or before[section][trait] != value
        }
        for section, traits in after.items()
    }
    return {section: traits for section, traits in changed.items() if traits}


def _shown(value: Any) -> Any:
    try:
        return to_plain(value)
    except (TypeError, ValueError):
        return repr(value)


def main() -> None:
    request = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w")
    # What plugins print goes to standard error.
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    json.dump(look(request), out)
    out.flush()


if __name__ == "__main__":
    main()
