"""JupyterHub's configuration, which is traitlets', as a dict of dicts and back."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from traitlets.config.loader import Config, LazyConfigValue

Tree = dict[str, dict[str, Any]]


def from_tree(tree: Mapping[str, Mapping[str, Any]]) -> Config:
    """A `c` on which the traits of the tree are set."""
    c = Config()
    for section, traits in tree.items():
        for trait, value in traits.items():
            c[section][trait] = deepcopy(value)
    return c


def to_tree(c: Config) -> Tree:
    """
    What is set on `c`; classes and functions as they are.

    A method of a trait that nobody has set works on an empty list, dict or set here:
    what the trait's default is, only JupyterHub knows.
    """
    sections = {name: section for name, section in c.items() if section}
    return {
        name: {trait: _value(value) for trait, value in section.items()}
        for name, section in sections.items()
    }


def _value(value: Any) -> Any:
    if not isinstance(value, LazyConfigValue):
        return value
    said = value.to_dict()
    update = said.get("update")
    empty: Any = []
    if update is not None:
        empty = {} if isinstance(update, dict) else set()
    return value.get_value(empty)
