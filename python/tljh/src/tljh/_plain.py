"""Plain JSON data from whatever a plugin returns, and back."""

import math
from collections.abc import Iterable, Mapping, Set
from datetime import date
from pathlib import PurePath
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarbool import ScalarBoolean


DEEPEST = 200


class TooLarge(ValueError):
    """A value has more parts, or more text, than the caller takes."""


def to_plain(
    value: Any, most_values: float = math.inf, most_characters: float = math.inf
) -> Any:
    """
    Reduce a value to dicts, lists, strings, numbers, booleans and None.

    Raises TypeError or ValueError, naming the place, for what JSON cannot hold, and
    TooLarge as soon as there is too much of it, also for what never ends.
    """
    return _Copier(most_values, most_characters).copy(value, "", ())


def from_plain(value: Any) -> Any:
    """The round-trip containers of ruamel.yaml, as plugins know `config`."""
    if isinstance(value, dict):
        return CommentedMap((key, from_plain(item)) for key, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(from_plain(item) for item in value)
    return value


class _Copier:
    """Copies one value, counting as it goes."""

    def __init__(self, most_values: float, most_characters: float) -> None:
        self._most = {"values": most_values, "characters": most_characters}
        self._left = dict(self._most)

    def copy(self, value: Any, path: str, parents: tuple[int, ...]) -> Any:
        self._count("values", 1)
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
            return self._text(str(value))
        if isinstance(value, date):
            return value.isoformat()
        if id(value) in parents:
            raise ValueError(f"{_place(path)} contains itself")
        if len(parents) == DEEPEST:
            raise ValueError(f"it has more than {DEEPEST} levels")
        return self._inside(value, path, (*parents, id(value)))

    def _inside(self, value: Any, path: str, parents: tuple[int, ...]) -> Any:
        if isinstance(value, Mapping):
            return {
                self._text(_key(key, path)): self.copy(item, f"{path}.{key}", parents)
                for key, item in value.items()
            }
        if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
            items = sorted(value, key=str) if isinstance(value, Set) else value
            return [
                self.copy(item, f"{path}[{index}]", parents)
                for index, item in enumerate(items)
            ]
        raise TypeError(f"{_place(path)} is of type {type(value).__name__}")

    def _text(self, text: str) -> str:
        self._count("characters", len(text))
        return text

    def _count(self, what: str, more: int) -> None:
        self._left[what] -= more
        if self._left[what] < 0:
            raise TooLarge(f"{self._most[what]} {what} are allowed")


def _key(key: Any, path: str) -> str:
    if isinstance(key, (str, int, float)) and not isinstance(key, bool):
        return str(key)
    raise TypeError(f"{_place(path)} has the key {key!r}, which is not a string")


def _place(path: str) -> str:
    return path.lstrip(".") or "it"
