"""Plain JSON data from whatever a plugin returns, and back."""

import math
from collections.abc import Iterable, Mapping, Set
from datetime import date
from pathlib import PurePath
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarbool import ScalarBoolean


def to_plain(value: Any) -> Any:
    """
    Reduce a value to dicts, lists, strings, numbers, booleans and None.

    Raises TypeError or ValueError, naming the place, for what JSON cannot hold.
    """
    return _plain(value, "", ())


def from_plain(value: Any) -> Any:
    """The round-trip containers of ruamel.yaml, as plugins know `config`."""
    if isinstance(value, dict):
        return CommentedMap((key, from_plain(item)) for key, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(from_plain(item) for item in value)
    return value


def _plain(value: Any, path: str, parents: tuple[int, ...]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, ScalarBoolean):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{_place(path)} is {value!r}")
        return float(value)
    if isinstance(value, (str, PurePath)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if id(value) in parents:
        raise ValueError(f"{_place(path)} contains itself")
    parents = (*parents, id(value))
    if isinstance(value, Mapping):
        return {
            _key(key, path): _plain(item, f"{path}.{key}", parents)
            for key, item in value.items()
        }
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        items = sorted(value, key=str) if isinstance(value, Set) else value
        return [
            _plain(item, f"{path}[{index}]", parents)
            for index, item in enumerate(items)
        ]
    raise TypeError(f"{_place(path)} is of type {type(value).__name__}")


def _key(key: Any, path: str) -> str:
    if isinstance(key, (str, int, float)) and not isinstance(key, bool):
        return str(key)
    raise TypeError(f"{_place(path)} has the key {key!r}, which is not a string")


def _place(path: str) -> str:
    return path.lstrip(".") or "it"
