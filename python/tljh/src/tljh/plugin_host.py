"""
Runs the Python plugins for the program: `python -m tljh.plugin_host`.

Requests come as JSON lines on standard input, answers go out on what was standard
output. Plugins get neither: what they print goes to standard error, and what they read
is empty. Requests are served one after the other, since plugins know no threads.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

import pluggy

from tljh._plain import from_plain, to_plain
from tljh._plugins import Plugin, describe, load_plugins

HUB_ONLY = "tljh_custom_jupyterhub_config"


class HostError(Exception):
    """An error to be sent to the program."""

    def __init__(
        self, code: str, message: str, remedy: str, trace: str = "", **details: str
    ) -> None:
        super().__init__(message)
        self.body: dict[str, str] = {
            "code": code,
            "message": message,
            "remedy": remedy,
            **details,
        }
        if trace:
            self.body["trace"] = trace


class PluginHost:
    """The methods of the protocol."""

    def __init__(self) -> None:
        self._loaded: tuple[pluggy.PluginManager, dict[str, Plugin]] | None = None

    def serve(self, requests: BinaryIO, answers: BinaryIO) -> None:
        """Answer requests until their end."""
        for line in requests:
            if line.strip():
                answer = self.answer(line)
                sys.stdout.flush()
                answers.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
                answers.flush()

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
        methods = {"plugins.list": self._list, "hook.call": self._call}
        if name in methods:
            return methods[name]
        raise HostError(
            "PLUGIN_HOST_REQUEST",
            f"The plugin host has no method {name!r}.",
            f"Its methods are {', '.join(methods)}.",
        )

    def _plugins(self) -> tuple[pluggy.PluginManager, dict[str, Plugin]]:
        if self._loaded is None:
            manager, plugins = load_plugins()
            self._loaded = manager, {}
            for plugin in plugins:
                self._loaded[1].setdefault(_unique(plugin, self._loaded[1]), plugin)
        return self._loaded

    def _list(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        return [asdict(plugin) for plugin in self._plugins()[1].values()]

    def _call(self, params: dict[str, Any]) -> dict[str, Any]:
        name, hook = str(params.get("plugin")), str(params.get("hook"))
        arguments = {
            key: from_plain(value)
            for key, value in (params.get("arguments") or {}).items()
        }
        caller = self._caller(name, hook)
        try:
            value = _united(caller(**{"settings": {}, **arguments}))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise HostError(
                "PLUGIN_HOOK_FAILED",
                f"Plugin {name!r} failed in {hook}: {describe(error)}",
                "Correct the plugin, or ask its author; the trace shows the place.",
                _trace(error),
                plugin=name,
                hook=hook,
            ) from error
        return {
            "value": _serialised(value, "returned a value", name, hook),
            "arguments": _serialised(arguments, "left an argument", name, hook),
        }

    def _caller(self, name: str, hook: str) -> "pluggy.HookCaller":
        manager, plugins = self._plugins()
        details = {"plugin": name, "hook": hook}
        plugin = plugins.get(name)
        if plugin is None or plugin.error is not None:
            cause = plugin.error.message if plugin and plugin.error else "not installed"
            raise HostError(
                "PLUGIN_NOT_LOADED",
                f"Plugin {name!r} is not loaded: {cause}.",
                f"Loaded are: {', '.join(plugins) or 'none'}.",
                **details,
            )
        if hook == HUB_ONLY or hook not in {known.name for known in plugin.hooks}:
            raise HostError(
                "PLUGIN_HOOK_UNKNOWN",
                f"Hook {hook} of plugin {name!r} cannot be called here.",
                (
                    f"{HUB_ONLY} is called inside JupyterHub alone."
                    if hook == HUB_ONLY
                    else "Call one that plugins.list names."
                ),
                **details,
            )
        chosen = manager.get_plugin(name)
        others = [other for other in manager.get_plugins() if other is not chosen]
        return manager.subset_hook_caller(hook, others)


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


def _unique(plugin: Plugin, taken: dict[str, Plugin]) -> str:
    """The key of a plugin: its name, or for a second one of that name one of its own."""
    return plugin.name if plugin.name not in taken else f"{plugin.name} ({len(taken)})"


def _united(results: list[Any]) -> Any:
    """What one plugin's implementations of one hook say together; mostly it has one."""
    if len(results) < 2:
        return results[0] if results else None
    return [item for result in results for item in result]


def _serialised(value: Any, what: str, plugin: str, hook: str) -> Any:
    try:
        return to_plain(value)
    except (TypeError, ValueError) as error:
        raise HostError(
            "PLUGIN_RESULT_UNSERIALISABLE",
            f"Plugin {plugin!r} {what} in {hook} that cannot be passed on: {error}.",
            "Use lists, dicts, strings, numbers, booleans and None.",
            plugin=plugin,
            hook=hook,
        ) from error


def _trace(error: BaseException) -> str:
    """The traceback from the plugin's own code on."""
    frame = error.__traceback__
    own = frame
    while own is not None and _is_machinery(own.tb_frame.f_code.co_filename):
        own = own.tb_next
    return "".join(traceback.format_exception(type(error), error, own or frame))


def _is_machinery(filename: str) -> bool:
    return filename == __file__ or os.path.dirname(filename) == _PLUGGY


_PLUGGY = os.path.dirname(pluggy.__file__ or "")


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Move the protocol away from where plugins and their children read and print."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def main() -> None:
    requests, answers = _take_streams()
    os.environ["TLJH_PLUGIN_HOST"] = "1"
    PluginHost().serve(requests, answers)


if __name__ == "__main__":
    main()
