"""Carries out, on traitlets' `c`, what the program wrote down in JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from tljh._traits import refused
from tljh._undo import Undo


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

    One that fails, or that JupyterHub would refuse of a plugin, raises AssignmentError;
    with `report`, a plugin's goes there instead and the rest is applied.
    """
    for assignment in assignments:
        plugin = str(assignment.get("plugin") or "")
        try:
            if plugin:
                _try(assignment, c)
            else:
                _apply(assignment, c)
        except Exception as error:
            setting = f"c.{assignment.get('class')}.{assignment.get('trait')}"
            cause = f"{type(error).__name__}: {error}"
            failure = AssignmentError(setting, plugin, cause)
            if not plugin or report is None:
                raise failure from error
            report(failure)


def _try(assignment: dict[str, Any], c: Any) -> None:
    """Apply it, and take it back if JupyterHub would refuse what then is there."""
    class_name, trait_name = assignment["class"], assignment["trait"]
    undo = Undo(c[class_name])
    _apply(assignment, c)
    if error := refused(c, class_name, trait_name):
        undo.undo()
        raise error


def _apply(assignment: dict[str, Any], c: Any) -> None:
    section, trait = c[assignment["class"]], assignment["trait"]
    if method := assignment.get("method"):
        getattr(section[trait], method)(*assignment.get("arguments", []))
        return
    value = assignment["value"]
    section[trait] = set(value) if assignment.get("kind") == "set" else value
