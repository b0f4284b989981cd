"""Small things that plugins use."""

import logging
import re
import subprocess
from collections.abc import Sequence
from typing import Any

import pluggy

from tljh._plugins import load_plugins
from tljh._settings import fill_in


def run_subprocess(cmd: Sequence[str], *args: Any, **kwargs: Any) -> None:
    """
    Run a command; raise CalledProcessError when it fails.

    What it printed is logged: as an error when it failed, else for debugging.
    """
    logger = logging.getLogger("tljh")
    printable = " ".join(str(part) for part in cmd)
    logger.debug("Running %s", printable)
    kwargs = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **kwargs}
    process = subprocess.run(cmd, *args, **kwargs)
    output = process.stdout or b""
    if isinstance(output, bytes):
        output = output.decode(errors="replace")
    level = logging.ERROR if process.returncode else logging.DEBUG
    logger.log(level, "Ran %s with exit code %s", printable, process.returncode)
    logger.log(level, "%s", output)
    if process.returncode:
        raise subprocess.CalledProcessError(
            process.returncode, list(cmd), output=output
        )


def get_plugin_manager() -> pluggy.PluginManager:
    """
    A manager with every plugin that can be loaded; the others are logged.

    Its hooks are called without `settings`: each plugin is given its own.
    """
    manager, plugins = load_plugins()
    for plugin in plugins:
        if plugin.error is not None:
            logging.getLogger("tljh").error(
                "Plugin %r cannot be loaded: %s", plugin.name, plugin.error.message
            )
    fill_in(manager)
    return manager


def parse_version(version_string: str) -> tuple[int, ...]:
    """All the numbers of a version, whatever stands between them."""
    return tuple(int(part) for part in re.findall(r"\d+", version_string))
