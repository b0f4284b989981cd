"""
The configuration of this server, for plugins.

Defaults, merging and the way to JupyterHub's traits are the program's; here it is asked.
"""

import json
import os
import subprocess
from typing import Any

from traitlets.log import get_logger

from tljh._assignments import apply_assignments
from tljh.config import CONFIG_FILE, STATE_DIR, get_current_config, program

__all__ = ["CONFIG_FILE", "STATE_DIR", "apply_config", "load_config"]


def load_config(config_file: str = CONFIG_FILE) -> Any:
    """
    The configuration in force: config.yaml merged over the defaults.

    Where the program cannot be run, only what stands in config.yaml.
    """
    command = [program("tljh-config")]
    if config_file != CONFIG_FILE:
        command += ["--config-path", os.fspath(config_file)]
    try:
        return json.loads(_run([*command, "show", "--effective", "--json"]))
    except (OSError, RuntimeError, ValueError) as error:
        get_logger().warning(
            "The defaults are missing from the configuration, since %s", error
        )
        return get_current_config(config_file)


def apply_config(config_overrides: Any, c: Any) -> None:
    """Set on JupyterHub's `c` what this configuration means."""
    answer = _run(
        [program("tljh"), "hub-config", "--stdin"], json.dumps(config_overrides)
    )
    document = json.loads(answer)
    if isinstance(document, dict):
        document = document["assignments"]
    apply_assignments(document, c)


def set_if_not_none(parent: Any, key: str, value: Any) -> None:
    """Set an attribute unless the value is None."""
    if value is not None:
        setattr(parent, key, value)


def _run(command: list[str], given: str | None = None) -> str:
    process = subprocess.run(command, input=given, capture_output=True, text=True)
    if process.returncode == 0:
        return process.stdout
    raise RuntimeError(
        f"{' '.join(command)} failed with exit code {process.returncode}: "
        f"{process.stderr.strip()}"
    )
