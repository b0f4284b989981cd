"""Finds the plugins of this environment; one that is broken does not stop the rest."""

import importlib
import importlib.metadata
import os
import traceback
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from tljh import hooks


@dataclass(frozen=True)
class PluginError:
    message: str
    trace: str


@dataclass(frozen=True)
class Hook:
    name: str
    arguments: list[str]
    tryfirst: bool
    trylast: bool


@dataclass(frozen=True)
class Plugin:
    """One entry point of the group `tljh`."""

    name: str
    module: str
    distribution: str
    version: str
    hooks: list[Hook] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    error: PluginError | None = None


def new_manager() -> pluggy.PluginManager:
    """A manager that knows the hooks, and no plugin yet."""
    manager = pluggy.PluginManager("tljh")
    manager.add_hookspecs(hooks)
    return manager


def find_plugins() -> list[EntryPoint]:
    """The entry points of all plugins, in the order of their names; imports none."""
    return sorted(entry_points(group="tljh"), key=lambda point: point.name)


def manager_of(manager: pluggy.PluginManager, name: str) -> pluggy.PluginManager:
    """
    A manager that has one of the plugins alone.

    pluggy's subset_hook_caller keeps plugins whose function is named other than the hook.
    """
    alone = new_manager()
    alone.register(manager.get_plugin(name), name)
    return alone


def load_plugins() -> tuple[pluggy.PluginManager, list[Plugin]]:
    """Load every plugin. Errors are in the list."""
    manager = new_manager()
    return manager, [load_plugin(manager, point) for point in find_plugins()]


def describe(error: BaseException) -> str:
    """The last line of a traceback: the type of an exception and what it says."""
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def trace_of(error: BaseException) -> str:
    """The traceback from the plugin's own code on."""
    frame = own = error.__traceback__
    while own is not None and _is_machinery(own.tb_frame.f_code.co_filename):
        own = own.tb_next
    return "".join(traceback.format_exception(type(error), error, own or frame))


def load_plugin(manager: pluggy.PluginManager, point: EntryPoint) -> Plugin:
    """Import one plugin and register it; what is wrong with it is its `error`."""
    identity: dict[str, Any] = {
        "name": point.name,
        "module": point.value,
        "distribution": point.dist.name if point.dist else "",
        "version": point.dist.version if point.dist else "",
    }
    if manager.has_plugin(point.name):
        message = f"another plugin is already named {point.name!r}"
        return Plugin(**identity, error=PluginError(message, ""))
    try:
        plugin = point.load()
        _register(manager, plugin, point.name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        trace = trace_of(error)
        return Plugin(**identity, error=PluginError(_explain(manager, error), trace))
    implemented, unknown = _implementations(manager, plugin)
    return Plugin(**identity, hooks=implemented, unknown=unknown)


def _register(manager: pluggy.PluginManager, plugin: Any, name: str) -> None:
    try:
        manager.register(plugin, name)
    except pluggy.PluginValidationError:
        # What was accepted before the faulty hook must not be called.
        manager.unregister(name=name)
        raise


def _implementations(
    manager: pluggy.PluginManager, plugin: Any
) -> tuple[list[Hook], list[str]]:
    known: list[Hook] = []
    unknown: list[str] = []
    for caller in manager.get_hookcallers(plugin) or []:
        for implementation in caller.get_hookimpls():
            if implementation.plugin is not plugin:
                continue
            if caller.spec is None:
                if not implementation.optionalhook:
                    unknown.append(caller.name)
                continue
            known.append(
                Hook(
                    caller.name,
                    list(implementation.argnames),
                    implementation.tryfirst,
                    implementation.trylast,
                )
            )
    return known, unknown


def _explain(manager: pluggy.PluginManager, error: BaseException) -> str:
    if not isinstance(error, pluggy.PluginValidationError):
        return describe(error)
    hints = [
        f"{caller.name} has the arguments ({', '.join(caller.spec.argnames)})"
        for caller in vars(manager.hook).values()
        if caller.spec is not None and f"hook {caller.name!r}" in str(error)
    ]
    return "; ".join([str(error).replace("\n", " "), *hints])


def _is_machinery(filename: str) -> bool:
    return filename.startswith("<frozen") or os.path.dirname(filename) in _MACHINERY


_MACHINERY = {
    os.path.dirname(module.__file__ or "") for module in (hooks, importlib, pluggy)
} | {os.path.dirname(importlib.metadata.__file__ or "")}
