"""Finds out beforehand what JupyterHub would refuse of a configuration."""

from collections.abc import Iterator
from typing import Any

from traitlets import HasTraits, TraitError
from traitlets.config import Configurable
from traitlets.config.loader import Config, LazyConfigValue

from tljh._undo import copied_lazy


def refused(c: Config, class_name: str, trait_name: str) -> TraitError | None:
    """
    What the class would say to the value that it is given, as far as its type goes.

    None where nothing is wrong, and where it cannot be known: of classes that are not
    loaded, of names that are no traits, of values that are made later.
    """
    section = c.get(class_name)
    if not isinstance(section, Config) or trait_name not in section:
        return None
    for owner in _loaded(Configurable):
        trait = owner.class_traits(config=True).get(trait_name)
        if owner.__name__ == class_name and trait is not None:
            return _refusal(owner, trait, section[trait_name])
    return None


def changed(c: Config, before: Config | None) -> Iterator[tuple[str, str]]:
    """Class and trait of each value that is another than it was."""
    for class_name, section in c.items():
        if not isinstance(section, Config):
            continue
        known = (before or {}).get(class_name)
        for trait_name, value in section.items():
            if not isinstance(known, Config) or not _same(known, trait_name, value):
                yield class_name, trait_name


def _loaded(parent: type[Configurable]) -> Iterator[type[Configurable]]:
    for child in parent.__subclasses__():
        yield child
        yield from _loaded(child)


def _refusal(owner: type[HasTraits], trait: Any, value: Any) -> TraitError | None:
    try:
        # Its traits are there, nothing of its own has run.
        instance = owner.__new__(owner)
        if isinstance(value, LazyConfigValue):
            # It keeps what it gave once, and would forget what comes later.
            value = copied_lazy(value, {}).get_value(trait.get(instance, owner))
        trait.validate(instance, value)
    except TraitError as error:
        return error
    except Exception:
        # The value is judged by what JupyterHub does with it, not by this trial.
        return None
    return None


def _same(known: Config, trait_name: str, value: Any) -> bool:
    if trait_name not in known:
        return False
    before = known[trait_name]
    try:
        if isinstance(value, LazyConfigValue) and isinstance(before, LazyConfigValue):
            return bool(before.to_dict() == value.to_dict())
        return before is value or bool(before == value)
    except Exception:
        return False
