"""Items of a configuration that is at hand, by dotted paths; each gives a new one back."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any


def set_item_in_config(config: Any, property_path: str, value: Any) -> Any:
    """Set a key; whatever is in its way is replaced by maps."""
    *parents, last = property_path.split(".")
    new = deepcopy(config)
    _made(new, parents)[last] = value
    return new


def unset_item_from_config(config: Any, property_path: str) -> Any:
    """Remove a key, and parents that are empty then. ValueError if it is not there."""
    path = property_path.split(".")
    new = deepcopy(config)
    within = [new]
    for name in path:
        if name not in within[-1]:
            raise ValueError(f"{property_path} does not exist in config!")
        within.append(within[-1][name])
    del within[-2][path[-1]]
    for depth in range(len(path) - 1, 0, -1):
        if within[depth] == {}:
            del within[depth - 1][path[depth - 1]]
    return new


def add_item_to_config(config: Any, property_path: str, value: Any) -> Any:
    """Append to a list, which is made if need be."""
    *parents, last = property_path.split(".")
    new = deepcopy(config)
    within = _made(new, parents)
    if not isinstance(within.get(last), Sequence):
        within[last] = []
    within[last].append(value)
    return new


def remove_item_from_config(config: Any, property_path: str, value: Any) -> Any:
    """Remove from a list. ValueError if there is no such list, or not that item in it."""
    *parents, last = property_path.split(".")
    within = new = deepcopy(config)
    for name in parents:
        if not isinstance(within.get(name), Mapping):
            raise ValueError(f"{property_path} does not exist in config!")
        within = within[name]
    if not isinstance(within.get(last), Sequence):
        raise ValueError(f"{property_path} is not a list")
    within[last].remove(value)
    return new


def parse_value(value_str: str) -> Any:
    """A value as it is typed: a number, a truth value, None, or else text."""
    words = {"none": None, "true": True, "false": False}
    if value_str.lower() in words:
        return words[value_str.lower()]
    if re.match(r"^\d+$", value_str):
        return int(value_str)
    if re.match(r"^\d+\.\d*$", value_str):
        return float(value_str)
    return value_str


def _made(config: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(config.get(name), Mapping):
            config[name] = {}
        config = config[name]
    return config
