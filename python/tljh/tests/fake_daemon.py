"""A stand-in for tljhd, for tests alone: same protocol, no privileges, no systemd."""

import json
import os
import socketserver
import subprocess
import threading
from contextlib import suppress
from typing import Any


class FakeError(Exception):
    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.body = {"code": code, "message": message, "remedy": remedy}


class CutOff(Exception):
    """The connection ends without an answer."""


class FakeDaemon:
    """
    Answers on `path`, and remembers every call in `calls`.

    `answers` holds what a test wants a method to give: values, or exceptions of the two
    kinds above. Servers are plain child processes.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, list[Any]] = {}
        self.passwords: dict[str, str] = {}
        self.servers: dict[str, subprocess.Popen[bytes]] = {}
        self._server: socketserver.ThreadingUnixStreamServer | None = None

    def start(self) -> None:
        daemon = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    answer = daemon.answer(json.loads(line))
                    if answer is None:
                        return
                    with suppress(BrokenPipeError):
                        self.wfile.write(json.dumps(answer).encode() + b"\n")

        self._server = socketserver.ThreadingUnixStreamServer(self.path, Handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        ).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            os.unlink(self.path)
            self._server = None

    def close(self) -> None:
        self.stop()
        for process in self.servers.values():
            process.kill()
            process.wait()

    def called(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.calls if name == method]

    def answer(self, request: dict[str, Any]) -> dict[str, Any] | None:
        method, params = request["method"], request["params"]
        self.calls.append((method, params))
        try:
            if self.answers.get(method):
                result = self.answers[method].pop(0)
                if isinstance(result, Exception):
                    raise result
            else:
                result = getattr(self, "on_" + method.replace(".", "_"))(**params)
            return {"id": request["id"], "result": result}
        except CutOff:
            return None
        except FakeError as error:
            return {"id": request["id"], "error": error.body}

    def on_ping(self) -> dict[str, Any]:
        return {"version": "fake", "pid": os.getpid()}

    def on_accounts_ensure(self, account: str, **params: Any) -> dict[str, Any]:
        return {"account": account, "uid": 0, "gid": 0, "home": "/", "created": True}

    def on_users_removed(self, **params: Any) -> dict[str, Any]:
        return {"told": True}

    def on_servers_start(self, **params: Any) -> dict[str, Any]:
        self.servers[params["unit"]] = subprocess.Popen(
            params["command"],
            env=params["environment"],
            cwd=params["workingDirectory"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return {"unit": params["unit"]}

    def on_servers_status(self, unit: str) -> dict[str, Any]:
        process = self.servers.get(unit)
        status = process.poll() if process else 0
        return {
            "running": process is not None and status is None,
            "activeState": "active",
            "subState": "running",
            "exitStatus": status,
            "result": "exit-code" if status else "success",
            "mainPid": None,
        }

    def on_servers_stop(self, unit: str) -> dict[str, Any]:
        process = self.servers.pop(unit, None)
        if process is not None:
            process.kill()
            process.wait()
        return {}

    def on_passwords_state(self, username: str) -> dict[str, Any]:
        return {"exists": username in self.passwords}

    def on_passwords_check(self, username: str, password: str) -> dict[str, Any]:
        known = self.passwords.get(username)
        return {"exists": known is not None, "valid": known == password}

    def on_passwords_set(self, username: str, password: str) -> dict[str, Any]:
        self.passwords[username] = password
        return {}

    def on_passwords_forget(self, username: str) -> dict[str, Any]:
        self.passwords.pop(username, None)
        return {}
