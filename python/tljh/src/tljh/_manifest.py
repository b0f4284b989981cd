"""Finds a plugin in a folder by its manifest, as it stands, without installing it."""

import sys
import tomllib
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from typing import Any

from tljh._answers import PluginProblem


def plugin_in(folder: Path, name: str | None) -> tuple[str, Any]:
    """The name and the module, or object, of a folder's plugin. Raises PluginProblem."""
    points = _entry_points(folder)
    if not points:
        raise PluginProblem(
            f"{folder} names no plugin: neither pyproject.toml nor setup.cfg has an "
            "entry point in the group tljh. Import the module, and give that."
        )
    if name is None and len(points) > 1:
        raise PluginProblem(
            f"{folder} has {len(points)} plugins; say which one: {', '.join(points)}"
        )
    chosen = name if name is not None else next(iter(points))
    if chosen not in points:
        raise PluginProblem(f"{folder} has no plugin {chosen}: {', '.join(points)}")
    return chosen, _load(folder, points[chosen])


def _entry_points(folder: Path) -> dict[str, str]:
    try:
        text = (folder / "pyproject.toml").read_text()
        points = tomllib.loads(text).get("project", {}).get("entry-points", {})
        if "tljh" in points:
            return dict(points["tljh"])
    except FileNotFoundError:
        pass
    parser = ConfigParser()
    parser.read(folder / "setup.cfg")
    lines = parser.get("options.entry_points", "tljh", fallback="").splitlines()
    pairs = [line.split("=", 1) for line in lines if "=" in line]
    return {key.strip(): value.strip() for key, value in pairs}


def _load(folder: Path, reference: str) -> Any:
    """`module` or `module:attribute`, from the folder or from `src` in it."""
    for place in (folder / "src", folder):
        if place.is_dir() and str(place.resolve()) not in sys.path:
            sys.path.insert(0, str(place.resolve()))
    module, _, attribute = reference.partition(":")
    found: Any = import_module(module.strip())
    for part in filter(None, attribute.strip().split(".")):
        found = getattr(found, part)
    return found
