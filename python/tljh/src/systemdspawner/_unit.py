"""What a user's server means to systemd. Knows nothing of JupyterHub."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Properties = dict[str, str | list[str]]
_DIRECTORY = re.compile(r"[A-Za-z0-9_.@-]+")


def expand(template: str, username: str, userid: Any) -> str:
    """
    Fill in {USERNAME} and {USERID}.

    A template that is none of `str.format`'s, such as a piece of JSON, is kept as it is
    but for these two.
    """
    try:
        return template.format(USERNAME=username, USERID=userid)
    except (KeyError, ValueError, IndexError):
        filled = template.replace("{USERNAME}", username)
        return filled.replace("{USERID}", str(userid))


def limits(memory: int | None, cpu: float | None) -> Properties:
    """Properties that hold a server to its share of memory and processors."""
    properties: Properties = {}
    if memory is not None:
        properties |= {"MemoryAccounting": "yes", "MemoryMax": str(memory)}
    if cpu is not None:
        properties |= {"CPUAccounting": "yes", "CPUQuota": f"{round(cpu * 100)}%"}
    return properties


def isolation(
    private_tmp: bool,
    private_devices: bool,
    no_new_privileges: bool,
    readonly: Iterable[str] | None,
    readwrite: Iterable[str] | None,
) -> Properties:
    """Properties that keep a server from what is not its own."""
    flags = {
        "PrivateTmp": private_tmp,
        "PrivateDevices": private_devices,
        "NoNewPrivileges": no_new_privileges,
    }
    properties: Properties = {name: "yes" for name, on in flags.items() if on}
    if readonly:
        properties["ReadOnlyPaths"] = list(readonly)
    if readwrite:
        properties["ReadWritePaths"] = list(readwrite)
    return properties


def defaults(unit_name: str) -> Properties:
    """
    What each server has unless the admin's properties say otherwise.

    A kernel killed for want of memory must not take the whole server with it, and each
    server has a private directory below /run.
    """
    properties: Properties = {"OOMPolicy": "continue"}
    if _DIRECTORY.fullmatch(unit_name):
        properties["RuntimeDirectory"] = unit_name
        properties["RuntimeDirectoryMode"] = "700"
        properties["RuntimeDirectoryPreserve"] = "restart"
    return properties


def extra(values: Mapping[str, Any], fill: Callable[[str], str]) -> Properties:
    """The admin's own properties: strings, or lists for one given several times."""
    return {
        name: (
            [fill(_text(item)) for item in value]
            if isinstance(value, (list, tuple))
            else fill(_text(value))
        )
        for name, value in values.items()
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
