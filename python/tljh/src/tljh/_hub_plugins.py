"""Calls the plugins inside JupyterHub, so that none of them can keep it from starting."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any

from traitlets.config.loader import Config, LazyConfigValue
from traitlets.log import get_logger

from tljh import config
from tljh._calling import Calling, fingerprint_of
from tljh._limits import Stopped, TookTooLong, call_within
from tljh._plugins import (
    Plugin,
    describe,
    find_plugins,
    load_plugin,
    manager_of,
    new_manager,
    trace_of,
)
from tljh._reports import HubFailure
from tljh._traits import changed, refused
from tljh._undo import Undo

HOOK = "tljh_custom_jupyterhub_config"
LIMITS = {"import": 120.0, HOOK: 60.0}
Report = Callable[[HubFailure], None]


@dataclass(frozen=True)
class Wishes:
    """What the program has written down for the plugins."""

    disabled: frozenset[str]
    settings: dict[str, dict[str, Any]]
    limits: dict[str, float]

    @staticmethod
    def of(document: dict[str, Any]) -> "Wishes":
        limits = {
            name: float(seconds)
            for name, seconds in (document.get("timeouts") or {}).items()
            if isinstance(seconds, (int, float)) and seconds > 0
        }
        return Wishes(
            frozenset(document.get("disabled") or ()),
            document.get("settings") or {},
            {**LIMITS, **limits},
        )


def call_plugins(c: Config, document: dict[str, Any], report: Report) -> None:
    """Load the plugins and call their hook, each by itself; failures are reported."""
    wishes, points = Wishes.of(document), find_plugins()
    calling = Calling(os.path.join(config.STATE_DIR, "hub-calling.json"))
    with calling.watching([point.name for point in points]):
        plugins = Plugins(wishes, calling, report)
        for point in points:
            if point.name not in wishes.disabled:
                plugins.load(point)
        for name in plugins.in_order():
            plugins.call(name, c)


class Plugins:
    """The plugins that take part in this start of the hub."""

    def __init__(self, wishes: Wishes, calling: Calling, report: Report) -> None:
        self._wishes = wishes
        self._calling = calling
        self._report = report
        self._manager = new_manager()
        self._fingerprints: dict[str, str] = {}

    def load(self, point: EntryPoint) -> None:
        """Import a plugin, unless the hub ended the last time it took part."""
        fingerprint = fingerprint_of(point)
        note = self._calling.ended_by(point.name, fingerprint)
        if note is not None:
            self._report(_ended(point, note))
            return
        limit = self._wishes.limits["import"]
        self._calling.begin(point.name, None, fingerprint)
        try:
            plugin = call_within(limit, lambda: load_plugin(self._manager, point))
        except TookTooLong as error:
            self._drop(point.name)
            self._report(_late(point.name, None, limit, error.trace))
            return
        if plugin.error is not None:
            self._report(_not_loaded(plugin))
            return
        self._fingerprints[point.name] = fingerprint
        for hook in plugin.unknown:
            get_logger().warning(
                "Plugin %r implements %s: no such hook", point.name, hook
            )

    def in_order(self) -> list[str]:
        """The plugins that implement the hook, as pluggy would call them."""
        # pluggy keeps them in the reverse of that order, wrappers behind all others.
        found = list(reversed(getattr(self._manager.hook, HOOK).get_hookimpls()))
        found.sort(key=_is_wrapper)
        return list(dict.fromkeys(each.plugin_name for each in found))

    def call(self, name: str, c: Config) -> None:
        """Call the hook of one plugin; what a failing one did to `c` is taken back."""
        limit, undo = self._wishes.limits[HOOK], Undo(c)
        self._calling.begin(name, HOOK, self._fingerprints[name])
        try:
            call_within(limit, lambda: self._call_alone(name, c, undo))
        except (Stopped, KeyboardInterrupt):
            raise
        except TookTooLong as error:
            failure = _late(name, HOOK, limit, error.trace)
        except BaseException as error:
            failure = _failed(name, error)
        else:
            return
        if not undo.undo():
            failure.message += f". What it has set stays, since {undo.obstacle}"
        self._report(failure)

    def _call_alone(self, name: str, c: Config, undo: Undo) -> None:
        caller = getattr(manager_of(self._manager, name).hook, HOOK)
        given = {"c": c, "settings": self._wishes.settings.get(name) or {}}
        caller(**{key: given[key] for key in caller.spec.argnames})
        _check(c)
        for class_name, trait_name in changed(c, undo.before):
            if error := refused(c, class_name, trait_name):
                raise error

    def _drop(self, name: str) -> None:
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)


def _is_wrapper(implementation: Any) -> bool:
    # Releases of pluggy before 1.2 know only the older kind.
    newer: bool = getattr(implementation, "wrapper", False)
    return newer or implementation.hookwrapper


def _check(c: Config) -> None:
    """Refuse what would keep the hub from being configured further."""
    services = c.JupyterHub.services
    if isinstance(services, LazyConfigValue):
        services = services.get_value([])
    if not isinstance(services, list):
        raise TypeError(f"c.JupyterHub.services is no list but {services!r:.80}")
    for service in services:
        if not isinstance(service, dict):
            raise TypeError(f"c.JupyterHub.services holds {service!r:.80}, no dict")


def _not_loaded(plugin: Plugin) -> HubFailure:
    error, name = plugin.error, plugin.name
    cause = error.message if error else ""
    return HubFailure(
        "PLUGIN_HUB_IMPORT_FAILED",
        f"Plugin {name} could not be loaded from the Python module {plugin.module}: {cause}",
        f"Mend the plugin, or do without it: sudo tljh plugin disable {name}",
        plugin=name,
        hook=None,
        trace=error.trace if error else "",
    )


def _failed(name: str, error: BaseException) -> HubFailure:
    cause, hook = describe(error).rstrip("."), HOOK
    return HubFailure(
        "PLUGIN_HUB_HOOK_FAILED",
        f"Plugin {name!r} failed in {hook}: {cause}",
        f"Mend the plugin, or do without it: sudo tljh plugin disable {name}",
        plugin=name,
        hook=hook,
        trace=trace_of(error),
    )


def _late(name: str, hook: str | None, seconds: float, trace: str) -> HubFailure:
    what = hook or "its import"
    return HubFailure(
        "PLUGIN_HUB_LATE",
        f"Plugin {name!r} had not ended {what} after {seconds:g} seconds",
        f"Mend the plugin, or do without it: sudo tljh plugin disable {name}",
        plugin=name,
        hook=hook,
        trace=trace,
    )


def _ended(point: EntryPoint, note: dict[str, Any]) -> HubFailure:
    name, what = point.name, note["hook"] or "its import"
    return HubFailure(
        "PLUGIN_HUB_ENDED",
        f"Plugin {name!r} ended the whole hub in {what}, and is left out until it changes",
        f"Mend the plugin, or do without it: sudo tljh plugin disable {name}",
        plugin=name,
        hook=note["hook"],
        at=note["at"],
    )
