"""Carries out, on traitlets' `c`, what the program wrote down in JSON."""

from collections.abc import Callable, Iterable
from typing import Any


class AssignmentError(Exception):
    """An assignment that JupyterHub's configuration does not take; a plugin's, if any."""

    def __init__(self, setting: str, plugin: str, cause: str) -> None:
        author = f" of plugin {plugin!r}" if plugin else ""
        super().__init__(f"{setting}{author} cannot be set: {cause}")
        self.setting = setting
        self.plugin = plugin
        self.cause = cause


def apply_assignments(
    assignments: Iterable[dict[str, Any]],
    c: Any,
    report: Callable[[AssignmentError], None] | None = None,
) -> None:
    """
    Set traits, or call methods of them, in the given order.

    `kind: "set"` makes a Python set of the value. With `method` it is called on what
    the trait holds by then, which may be traitlets' lazy value.

    One that fails raises AssignmentError; with `report`, a plugin's goes there instead
    and the rest is applied.
    """
    for assignment in assignments:
        try:
            _apply(assignment, c)
        except Exception as error:
            setting = f"c.{assignment.get('class')}.{assignment.get('trait')}"
            plugin = str(assignment.get("plugin") or "")
            cause = f"{type(error).__name__}: {error}"
            failure = AssignmentError(setting, plugin, cause)
            if not plugin or report is None:
                raise failure from error
            report(failure)


def _apply(assignment: dict[str, Any], c: Any) -> None:
    section, trait = c[assignment["class"]], assignment["trait"]
    if method := assignment.get("method"):
        getattr(section[trait], method)(*assignment.get("arguments", []))
        return
    value = assignment["value"]
    section[trait] = set(value) if assignment.get("kind") == "set" else value
