"""A JupyterHub spawner whose servers are transient units of systemd."""

import asyncio
import html
import os
import pwd
import time
from collections.abc import AsyncIterator
from typing import Any

from jupyterhub.spawner import Spawner
from jupyterhub.utils import random_port
from tljh import _daemon
from tornado import web
from traitlets import Bool, Dict, List, Unicode

from systemdspawner import _unit

# `systemctl stop` gives a server 90 seconds before it kills.
STOP_TIMEOUT = 120

# Seconds that plugins may keep an admin waiting who removes a user, and some more.
REMOVAL_PATIENCE = 20
REMOVAL_TIMEOUT = 30
# Seconds that a daemon which is restarted may be away meanwhile.
AWAY = 5


class ServerStartError(web.HTTPError):
    """
    Why a server did not start, in words for the user and for the admin.

    An HTTPError, since of any other JupyterHub shows no cause when the start fails
    within a second.
    """

    def __init__(self, message: str, remedy: str, output: str = "") -> None:
        self.jupyterhub_message = f"{message} {remedy}".strip()
        super().__init__(500, "%s", self.jupyterhub_message)
        self.jupyterhub_html_message = "<br>".join(map(html.escape, (message, remedy)))
        if output:
            self.jupyterhub_html_message += f"<pre>{html.escape(output)}</pre>"

    def __str__(self) -> str:
        return self.jupyterhub_message

    @property
    def reason(self) -> None:
        """JupyterHub sets it to "error", and then shows that in place of the cause."""
        return None

    @reason.setter
    def reason(self, value: str | None) -> None:
        pass


class SystemdSpawner(Spawner):
    """
    Turns its traits into a unit, and has the daemon start, watch and stop it.

    In templates {USERNAME} and {USERID} stand for JupyterHub's name and number of the
    user.
    """

    user_workingdir = Unicode(
        None,
        allow_none=True,
        help="""
        Directory in which a server starts; a template. The user's home if not given.

        Without effect with dynamic_users.
        """,
    ).tag(config=True)

    username_template = Unicode(
        "{USERNAME}",
        help="""
        Unix account of a server; a template. The account exists already.

        Without effect with dynamic_users.
        """,
    ).tag(config=True)

    default_shell = Unicode(
        os.environ.get("SHELL", "/bin/bash"), help="Shell of the users' terminals."
    ).tag(config=True)

    extra_paths: Any = List(
        [], help="Directories put in front of $PATH; templates."
    ).tag(config=True)

    unit_name_template = Unicode(
        "jupyter-{USERNAME}-singleuser", help="Name of a server's unit; a template."
    ).tag(config=True)

    isolate_tmp = Bool(False, help="Give each server a /tmp of its own.").tag(
        config=True
    )

    isolate_devices = Bool(
        False, help="Give each server a /dev of its own, with few devices."
    ).tag(config=True)

    disable_user_sudo = Bool(
        True, help="Keep what runs in a server from becoming another user, as by sudo."
    ).tag(config=True)

    readonly_paths: Any = List(
        None, allow_none=True, help="Paths that a server may not write; templates."
    ).tag(config=True)

    readwrite_paths: Any = List(
        None,
        allow_none=True,
        help="Paths below read-only ones that a server may write; templates.",
    ).tag(config=True)

    unit_extra_properties = Dict(
        {},
        help="""
        More properties of the unit, as in systemd.exec(5) and its neighbours.

        Values are templates, or lists of templates for a property given several times.
        """,
    ).tag(config=True)

    dynamic_users = Bool(
        False,
        help="""
        Have systemd make an account for the time a server runs.

        The home of it is /var/lib/{USERNAME}, which lasts.
        """,
    ).tag(config=True)

    slice = Unicode(
        None,
        allow_none=True,
        help="Slice in which all servers run, to limit them together.",
    ).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._steps: list[dict[str, Any]] = []
        self._began: float | None = None
        self.unit_name = self._expand_user_vars(self.unit_name_template)
        if self.name and "{SERVERNAME}" not in self.unit_name_template:
            # A user's named servers must not share one unit.
            self.unit_name += f":{self.name}"

    def _expand_user_vars(self, string: str) -> str:
        string = string.replace("{SERVERNAME}", self.name)
        return _unit.expand(string, self.user.name, self.user.id)

    def get_state(self) -> dict[str, Any]:
        """The unit's name is kept: its template may change while the server runs."""
        state: dict[str, Any] = super().get_state()
        state["unit_name"] = self.unit_name
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        self.unit_name = state.get("unit_name", self.unit_name)

    def clear_state(self) -> None:
        """JupyterHub calls this before a start, and after a stop."""
        super().clear_state()
        self._steps = []
        self._began = None

    def report_step(self, percent: int, message: str) -> None:
        """Show a message on the page of the user who waits."""
        self._steps.append({"progress": percent, "message": message})

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """The steps of the start; JupyterHub ends this when the server is there."""
        shown = 0
        while True:
            while shown < len(self._steps):
                yield self._steps[shown]
                shown += 1
            await asyncio.sleep(0.2)

    async def start(self) -> tuple[str, int]:
        """Start the unit; return as soon as the server listens."""
        self.seconds_left()
        self.port = random_port()
        await self._clear_way()
        self.report_step(40, "Starting your server")
        await self._start_unit(self._unit_params())
        self.report_step(60, "Waiting for your server to answer")
        await self._wait_until_listening()
        return (self.ip or "127.0.0.1", self.port)

    async def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Call the daemon for a start; the error is one that the user gets to see."""
        try:
            return await _daemon.call(method, params, timeout=self.seconds_left())
        except _daemon.DaemonError as error:
            raise ServerStartError(error.message, error.remedy) from error

    def seconds_left(self) -> float:
        """
        How long this start may still take, from the first time it asks.

        A little less than JupyterHub allows, which would know no cause but a timeout.
        """
        if self._began is None:
            self._began = time.monotonic()
        limit: float = max(self.start_timeout - 2, 1)
        return max(self._began + limit - time.monotonic(), 0.1)

    async def stop(self, now: bool = False) -> None:
        await _daemon.call(
            "servers.stop", self._unit_param(), patience=5, timeout=STOP_TIMEOUT
        )

    async def delete_forever(self) -> None:
        """
        Have plugins told of a user who is removed from the hub.

        JupyterHub calls this for each of a user's servers, the default one always among
        them, when the user is removed; for a named one also when that alone is. Whatever
        goes wrong is logged: the user is removed all the same.
        """
        if self.name or self.dynamic_users:
            return
        params = {
            "username": self.user.name,
            "account": self.account_name(),
            "patience": REMOVAL_PATIENCE,
        }
        try:
            await _daemon.call(
                "users.removed", params, patience=AWAY, timeout=REMOVAL_TIMEOUT
            )
        except Exception as error:
            self.log.error(
                "Plugins were not told that %s is removed: %s", self.user.name, error
            )

    def account_name(self) -> str:
        """The Unix account of the user's servers, whether or not it exists."""
        return self._expand_user_vars(self.username_template)

    def plugins_patience(self) -> float:
        """Seconds that plugins may take of a start: half of what there is left."""
        return round(self.seconds_left() / 2, 1)

    async def poll(self) -> int | None:
        """
        None while the server runs, else its exit status.

        A daemon that cannot be reached, or cannot tell, says nothing about the server,
        which goes on without it: it counts as running, lest the hub forget it.
        """
        try:
            status = await _daemon.call(
                "servers.status", self._unit_param(), patience=2, timeout=15
            )
        except _daemon.DaemonError as error:
            self.log.warning("Taking %s for running: %s", self.unit_name, error)
            return None
        return None if status["running"] else status.get("exitStatus") or 0

    def _unit_param(self) -> dict[str, str]:
        # The daemon escapes what systemd does not take in a name.
        return {"unit": self.unit_name}

    async def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = await self.ask("servers.status", self._unit_param())
        return status

    async def _clear_way(self) -> None:
        """Stop a server that the hub has forgotten."""
        if (await self._status())["running"]:
            self.log.warning("Stopping %s, unknown to the hub", self.unit_name)
            await self.ask("servers.stop", self._unit_param())

    async def _start_unit(self, params: dict[str, Any]) -> None:
        try:
            await self.ask("servers.start", params)
        except ServerStartError as error:
            cut_off = isinstance(error.__cause__, _daemon.DaemonConnectionLost)
            if not cut_off or not (await self._status())["running"]:
                raise

    def _unit_params(self) -> dict[str, Any]:
        environment = {
            name: str(value)
            for name, value in self.get_env().items()
            if value is not None
        }
        environment["SHELL"] = self.default_shell
        paths = [self._expand_user_vars(path) for path in self.extra_paths]
        paths.append(environment.get("PATH") or os.defpath)
        environment["PATH"] = ":".join(paths)
        if self.dynamic_users:
            account: str | None = None
            home = self._expand_user_vars("/var/lib/{USERNAME}")
            environment["HOME"] = home
        else:
            entry = self._account()
            account, home = entry.pw_name, entry.pw_dir
            if self.user_workingdir is not None:
                home = self._expand_user_vars(self.user_workingdir)
        return {
            **self._unit_param(),
            "account": account,
            "dynamicUser": self.dynamic_users,
            # The daemon looks a bare name up in the server's own PATH.
            "command": [
                self._expand_user_vars(word) for word in [*self.cmd, *self.get_args()]
            ],
            "environment": environment,
            "workingDirectory": home,
            "properties": self._properties(),
            "slice": self.slice,
            "patience": self.plugins_patience(),
        }

    def _account(self) -> pwd.struct_passwd:
        name = self.account_name()
        try:
            return pwd.getpwnam(name)
        except KeyError:
            raise ServerStartError(
                f"There is no Unix account {name!r} on this machine.",
                "An administrator makes it, or corrects "
                "c.SystemdSpawner.username_template.",
            ) from None

    def _properties(self) -> _unit.Properties:
        properties = _unit.defaults(self.unit_name)
        if self.dynamic_users:
            properties["StateDirectory"] = self._expand_user_vars("{USERNAME}")
        properties |= _unit.isolation(
            self.isolate_tmp,
            self.isolate_devices,
            self.disable_user_sudo,
            self._expanded(self.readonly_paths),
            self._expanded(self.readwrite_paths),
        )
        properties |= _unit.limits(self.mem_limit, self.cpu_limit)
        return properties | _unit.extra(
            self.unit_extra_properties, self._expand_user_vars
        )

    def _expanded(self, paths: list[str] | None) -> list[str] | None:
        return paths and [self._expand_user_vars(path) for path in paths]

    async def _wait_until_listening(self) -> None:
        """
        Wait until the server takes connections; raise at once when it stops before.

        One that is only slow is left to a longer http_timeout, if the admin set that.
        """
        while not await self._listens():
            status = await self._status()
            if not status["running"]:
                raise self._stopped(status)
            if self.seconds_left() < 0.5:
                if self.http_timeout > self.start_timeout:
                    return
                raise ServerStartError(
                    f"Your server did not answer within {self.start_timeout} seconds.",
                    f"An administrator sees what it does with {self._journal()}",
                )
            await asyncio.sleep(0.2)

    async def _listens(self) -> bool:
        ip = "127.0.0.1" if self.ip in ("", "0.0.0.0", "::") else self.ip
        try:
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_connection(ip, self.port)
        except OSError:
            return False
        writer.close()
        return True

    def _stopped(self, status: dict[str, Any]) -> ServerStartError:
        output = "\n".join(status.get("log") or [])
        exit_status = status.get("exitStatus")
        how = "" if exit_status is None else f" with exit status {exit_status}"
        return ServerStartError(
            f"Your server stopped{how} while it was starting.",
            f"An administrator sees what it said with {self._journal()}",
            output,
        )

    def _journal(self) -> str:
        return f"`sudo journalctl -u '{self.unit_name}'`."
