"""
Runs the Python plugins for the program: `python -m tljh.plugin_host`.

Requests come as JSON lines on a socket, descriptor 3, and answers go out on it. Plugins
get neither: what they print goes where standard output and standard error go, and what
they read is empty. Requests are served one after the other: plugins know no threads.
"""

import json
import os
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import EntryPoint
from typing import Any

import pluggy

from tljh._plain import TooLarge, from_plain, to_plain
from tljh._plugins import (
    Plugin,
    describe,
    find_plugins,
    load_plugin,
    manager_of,
    new_manager,
    trace_of,
)

WIRE = 3
HUB_ONLY = "tljh_custom_jupyterhub_config"
MOST_VALUES = 100_000
MOST_CHARACTERS = 4_000_000


class HostError(Exception):
    """An error to be sent to the program."""

    def __init__(self, code: str, message: str, remedy: str, trace: str = "") -> None:
        super().__init__(message)
        self.body = {"code": code, "message": message, "remedy": remedy}
        if trace:
            self.body["trace"] = trace


class PluginHost:
    """The methods of the protocol; `src/plugins/host/protocol.ts` describes it."""

    def __init__(self) -> None:
        # Of each plugin a manager of its own: a call reaches no other plugin.
        self._loaded: dict[str, tuple[pluggy.PluginManager, Plugin]] = {}

    def answer(self, line: bytes) -> dict[str, Any]:
        """The answer to one line; never raises on what a plugin or caller did."""
        number: Any = None
        try:
            request = _parse(line)
            number = request.get("id")
            method = self._method(request.get("method"))
            return {"id": number, "result": method(request.get("params") or {})}
        except HostError as error:
            return {"id": number, "error": error.body}
        except Exception as error:
            failure = HostError(
                "PLUGIN_HOST_FAILED",
                f"The plugin host failed: {describe(error)}",
                "This is a defect of the program: report it with the trace.",
                traceback.format_exc(),
            )
            return {"id": number, "error": failure.body}

    def _method(self, name: Any) -> Callable[[dict[str, Any]], Any]:
        methods = {
            "host.hello": lambda params: {},
            "plugins.find": self._find,
            "plugin.load": self._load,
            "hook.call": self._call,
        }
        if name in methods:
            return methods[name]
        raise HostError(
            "PLUGIN_HOST_REQUEST",
            f"The plugin host has no method {name!r}.",
            f"Its methods are {', '.join(methods)}.",
        )

    def _find(self, params: dict[str, Any]) -> list[dict[str, str]]:
        return [
            {
                "name": point.name,
                "module": point.value,
                "distribution": point.dist.name if point.dist else "",
                "version": point.dist.version if point.dist else "",
            }
            for point in find_plugins()
        ]

    def _load(self, params: dict[str, Any]) -> dict[str, Any]:
        name, module = str(params.get("plugin")), str(params.get("from"))
        manager = new_manager()
        plugin = load_plugin(manager, EntryPoint(name, module, "tljh"))
        if plugin.error is not None:
            cause = plugin.error.message
            raise HostError(
                "PLUGIN_IMPORT_FAILED",
                f"Plugin {name} could not be loaded from the Python module {module}: {cause}",
                "Mend the plugin, or remove it.",
                plugin.error.trace,
            )
        self._loaded[name] = manager, plugin
        return {
            "hooks": [vars(hook) for hook in plugin.hooks],
            "unknown": plugin.unknown,
        }

    def _call(self, params: dict[str, Any]) -> dict[str, Any]:
        name, hook = str(params.get("plugin")), str(params.get("hook"))
        arguments = {
            key: from_plain(value) if key == "config" else value
            for key, value in (params.get("arguments") or {}).items()
        }
        caller = self._caller(name, hook)
        given: dict[str, Any] = {**dict.fromkeys(caller.spec.argnames), "settings": {}, **arguments}
        try:
            value = _united(caller(**given))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            cause = describe(error)
            raise HostError(
                "PLUGIN_HOOK_FAILED",
                f"Plugin {name} failed in {hook}: {cause}",
                "Mend the plugin, or remove it.",
                trace_of(error),
            ) from error
        arguments.pop("settings", None)
        return {
            "value": _serialised(value, "returned a value", name, hook),
            "arguments": _serialised(arguments, "left an argument", name, hook),
        }

    def _caller(self, name: str, hook: str) -> Any:
        if name not in self._loaded:
            raise HostError(
                "PLUGIN_NOT_LOADED",
                f"{hook} of plugin {name} was called, which is not loaded",
                "This is a defect of the program: report it with these lines.",
            )
        manager, plugin = self._loaded[name]
        if hook == HUB_ONLY or hook not in {known.name for known in plugin.hooks}:
            raise HostError(
                "PLUGIN_HOOK_UNKNOWN",
                f"{hook} of plugin {name} cannot be called here",
                f"Call a hook that the plugin has; {HUB_ONLY} is JupyterHub's to call.",
            )
        return getattr(manager_of(manager, name).hook, hook)


def _parse(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except ValueError as error:
        request = str(error)
    if isinstance(request, dict):
        return request
    raise HostError(
        "PLUGIN_HOST_REQUEST",
        f"The plugin host got a line that is no JSON object: {request!r}",
        "Send one JSON object a line.",
    )


def _united(results: list[Any]) -> Any:
    """What one plugin's implementations of one hook say together; mostly it has one."""
    if len(results) < 2:
        return results[0] if results else None
    return [item for result in results for item in result]


def _serialised(value: Any, what: str, plugin: str, hook: str) -> Any:
    try:
        return to_plain(value, MOST_VALUES, MOST_CHARACTERS)
    except TooLarge as error:
        raise HostError(
            "PLUGIN_RESULT_TOO_LARGE",
            f"Plugin {plugin} gave an answer to {hook} that is too large: {error}",
            "Let it answer with less: names of packages, not their content.",
        ) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        cause = error if isinstance(error, (TypeError, ValueError)) else describe(error)
        raise HostError(
            "PLUGIN_RESULT_UNSERIALISABLE",
            f"Plugin {plugin} {what} in {hook} that cannot be passed on: {cause}",
            "Use lists, dicts, strings, numbers, booleans and None.",
        ) from error


class Wire:
    """The socket, out of the reach of plugins' own reading and printing."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.set_inheritable(False)
        self._process = os.getpid()
        self._identity = self._identify()

    def serve(self, host: PluginHost) -> None:
        """Answer requests until their end."""
        for line in self._socket.makefile("rb"):
            answer = json.dumps(host.answer(line), allow_nan=False)
            self._check()
            with suppress(Exception):
                sys.stdout.flush()
            self._socket.sendall(answer.encode() + b"\n")

    def _check(self) -> None:
        """A plugin may have forked and come back, or closed what is not its own."""
        if os.getpid() != self._process:
            os._exit(0)
        if self._identify() != self._identity:
            print("A plugin closed the connection to the program.", file=sys.stderr)
            os._exit(1)

    def _identify(self) -> tuple[int, int]:
        try:
            found = os.fstat(self._socket.fileno())
        except OSError:
            return 0, 0
        return found.st_dev, found.st_ino


def main() -> None:
    # One order for all that plugins print.
    os.dup2(2, 1)
    Wire(WIRE).serve(PluginHost())


if __name__ == "__main__":
    main()
