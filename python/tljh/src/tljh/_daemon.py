"""
Client of tljhd, the daemon that does for the hub whatever takes privileges.

One JSON object a line over a unix socket; one connection for each call, so that a
restart of the daemon leaves nothing stale here.
"""

import asyncio
import html
import itertools
import json
import os
import socket
import time
from typing import Any

DEFAULT_SOCKET = "/run/tljh/tljhd.sock"
LONGEST_LINE = 16 * 1024 * 1024
# What must not happen twice is not repeated after a call that was cut off.
ONCE = ("servers.start", "users.removed")
_ids = itertools.count(1)


class DaemonError(Exception):
    """
    What went wrong, and what to do about it.

    JupyterHub shows `jupyterhub_message` and `jupyterhub_html_message` to the user
    whose server could not be started.
    """

    def __init__(
        self, code: str, message: str, remedy: str = "", trace: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.trace = trace

    def __str__(self) -> str:
        return " ".join(filter(None, (self.message, self.remedy)))

    @property
    def jupyterhub_message(self) -> str:
        return str(self)

    @property
    def jupyterhub_html_message(self) -> str:
        return "<br>".join(
            html.escape(part) for part in (self.message, self.remedy) if part
        )


class DaemonUnavailable(DaemonError):
    """Nobody answers on the socket: the call had no effect."""


class DaemonConnectionLost(DaemonError):
    """The daemon went away before it answered: the call may have had its effect."""


def socket_path() -> str:
    return os.environ.get("TLJH_SOCKET") or DEFAULT_SOCKET


async def call(
    method: str,
    params: dict[str, Any] | None = None,
    *,
    patience: float = 10,
    timeout: float = 60,
) -> Any:
    """
    Call one method of the daemon.

    While the daemon is being restarted the call waits for it, `patience` seconds long.
    A call cut off midway is repeated, except those that must have their effect ONCE: only
    the caller can tell whether they were carried out.
    """
    deadline = time.monotonic() + patience
    for pause in _pauses():
        try:
            async with asyncio.timeout(timeout):
                return await _call_once(method, params or {})
        except TimeoutError:
            raise _timed_out(method, timeout) from None
        except DaemonConnectionLost:
            if method in ONCE or time.monotonic() + pause > deadline:
                raise
        except OSError as error:
            if not _may_come_back(error) or time.monotonic() + pause > deadline:
                raise _unavailable(error) from error
        await asyncio.sleep(pause)
    raise AssertionError("the pauses never end")


def call_sync(
    method: str,
    params: dict[str, Any] | None = None,
    *,
    patience: float = 10,
    timeout: float = 60,
) -> Any:
    """The same for code that has no event loop, such as a plugin's hook."""
    deadline = time.monotonic() + patience
    for pause in _pauses():
        try:
            return _call_once_sync(method, params or {}, timeout)
        except TimeoutError:
            raise _timed_out(method, timeout) from None
        except DaemonConnectionLost:
            if method in ONCE or time.monotonic() + pause > deadline:
                raise
        except OSError as error:
            if not _may_come_back(error) or time.monotonic() + pause > deadline:
                raise _unavailable(error) from error
        time.sleep(pause)
    raise AssertionError("the pauses never end")


def _pauses() -> itertools.chain[float]:
    return itertools.chain((0.05, 0.1, 0.2, 0.4), itertools.repeat(0.5))


async def _call_once(method: str, params: dict[str, Any]) -> Any:
    reader, writer = await asyncio.open_unix_connection(
        socket_path(), limit=LONGEST_LINE
    )
    try:
        writer.write(_request(method, params))
        await writer.drain()
        return _answer(method, await reader.readline())
    except (BrokenPipeError, ConnectionResetError):
        raise _lost(method) from None
    finally:
        writer.close()


def _call_once_sync(method: str, params: dict[str, Any], timeout: float) -> Any:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(socket_path())
        try:
            connection.sendall(_request(method, params))
            with connection.makefile("rb") as lines:
                return _answer(method, lines.readline(LONGEST_LINE))
        except (BrokenPipeError, ConnectionResetError):
            raise _lost(method) from None


def _request(method: str, params: dict[str, Any]) -> bytes:
    request = {"id": next(_ids), "method": method, "params": params}
    return json.dumps(request).encode() + b"\n"


def _answer(method: str, line: bytes) -> Any:
    if not line.endswith(b"\n"):
        raise _lost(method)
    answer = json.loads(line)
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    raise DaemonError(
        error.get("code", "RPC_ERROR"),
        error.get("message", "tljhd reported an error without a message."),
        error.get("remedy") or "",
        error.get("trace") or "",
    )


def _may_come_back(error: OSError) -> bool:
    return isinstance(error, (FileNotFoundError, ConnectionError, BlockingIOError))


def _unavailable(error: OSError) -> DaemonUnavailable:
    return DaemonUnavailable(
        "DAEMON_UNAVAILABLE",
        f"The hub cannot reach tljhd at {socket_path()}: {error.strerror or error}.",
        "An administrator finds out why with `sudo systemctl status tljhd`.",
    )


def _lost(method: str) -> DaemonConnectionLost:
    return DaemonConnectionLost(
        "DAEMON_CONNECTION_LOST",
        f"tljhd stopped before it answered {method}.",
        "Try again; an administrator finds out why with `sudo journalctl -u tljhd`.",
    )


def _timed_out(method: str, timeout: float) -> DaemonError:
    return DaemonError(
        "DAEMON_TIMEOUT",
        f"tljhd did not answer {method} within {timeout:g} seconds.",
        "An administrator finds out why with `sudo journalctl -u tljhd`.",
    )
