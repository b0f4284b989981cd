"""Takes back what was done to traitlets' configuration."""

import copy
from typing import Any

from traitlets.config.loader import Config, LazyConfigValue


class Undo:
    """
    What a configuration held at a moment, to be put back.

    Containers are copied, lazy values too; classes, functions and other objects are not:
    what is done inside of these stays.
    """

    def __init__(self, c: Config) -> None:
        self._c = c
        self.before: Config | None = None
        try:
            self.before = _copied(c, {})
        except Exception as error:
            self.obstacle: str | None = f"{type(error).__name__}: {error}"
        else:
            self.obstacle = None

    def undo(self) -> bool:
        """Put it back, in place; False where it could not be copied."""
        if self.before is None:
            return False
        self._c.clear()
        for name, value in self.before.items():
            dict.__setitem__(self._c, name, value)
        return True


def _copied(value: Any, known: dict[int, Any]) -> Any:
    """A copy in which what was one list, or map, in two places still is one."""
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, LazyConfigValue):
        return copied_lazy(value, known)
    if isinstance(value, dict) and (type(value) is dict or isinstance(value, Config)):
        new: Any = known.setdefault(id(value), type(value)())
        for key, item in value.items():
            dict.__setitem__(new, key, _copied(item, known))
        return new
    if type(value) is list:
        new = known.setdefault(id(value), [])
        new.extend(_copied(item, known) for item in value)
        return new
    if type(value) is tuple:
        return tuple(_copied(item, known) for item in value)
    if type(value) is set:
        return known.setdefault(id(value), set(value))
    return value


def copied_lazy(value: LazyConfigValue, known: dict[int, Any]) -> LazyConfigValue:
    """A copy that shares nothing with it; `known` holds the copies made so far, by id."""
    new: LazyConfigValue = known.setdefault(id(value), copy.copy(value))
    for name, held in value.trait_values().items():
        setattr(new, name, _copied(held, known))
    return new
