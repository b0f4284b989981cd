"""
A real JupyterHub with its real proxy, configured by our own file.

Only the daemon is a fake: servers are children of the test, and all belong to the
account that runs it. The server started is a tiny one instead of JupyterLab.
"""

import getpass
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import SOURCE, write_assignments
from fake_daemon import FakeDaemon, FakeError

pytest.importorskip("jupyterhub")
if not shutil.which("configurable-http-proxy"):
    pytest.skip("needs configurable-http-proxy", allow_module_level=True)

TINY = [sys.executable, str(Path(__file__).parent / "tiny_server.py")]
PASSWORD = "a good one"
ADMIN_TOKEN = "daemon-token"

SNIPPET = """
from tljh.user_creating_spawner import UserCreatingSpawner

class MySpawner(UserCreatingSpawner):
    async def start(self):
        self.environment = {{"FROM_SNIPPET": self.hooked}}
        return await super().start()

def hook(spawner):
    spawner.hooked = "hooked " + spawner.user.name

c.JupyterHub.spawner_class = MySpawner
c.Spawner.pre_spawn_hook = hook
c.Spawner.cmd = {tiny!r}
c.Spawner.start_timeout = 5
c.ConfigurableHTTPProxy.should_start = True
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.hub_port = {hub}
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
# So that a restarted hub still finds its proxy, which here is its own child.
c.JupyterHub.cleanup_proxy = True
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Browser:
    """As much of a browser as XSRF protection asks for: cookies and fetch metadata."""

    def __init__(self, url: str) -> None:
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._opener.addheaders = [("Sec-Fetch-Mode", "navigate")]

    def get(self, path: str) -> tuple[int, str]:
        return self._open(path, None)

    def submit(self, path: str, **fields: str) -> tuple[int, str]:
        """Fill in and send the form of a page, hidden fields included."""
        _, page = self.get(path)
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        return self.post(path, **{**dict(hidden), **fields})

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        return self._open(path, urlencode(fields).encode())

    def log_in(self, name: str, password: str = PASSWORD) -> tuple[int, str]:
        return self.submit("/hub/login", username=name, password=password)

    def _open(self, path: str, body: bytes | None) -> tuple[int, str]:
        try:
            with self._opener.open(self.url + path, body, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


class Hub:
    def __init__(self, prefix: Path, log: Path) -> None:
        self._prefix, self._log = prefix, log
        self.public, self.hub, self.api = free_ports(3)
        self.url = f"http://127.0.0.1:{self.public}"

    def start(self) -> None:
        snippets = self._prefix / "config" / "jupyterhub_config.d"
        (snippets / "test.py").write_text(
            SNIPPET.format(tiny=TINY, api=self.api, hub=self.hub, public=self.public)
        )
        site = str(self._prefix / "site")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "jupyterhub",
                    "-f",
                    os.path.join(SOURCE, "tljh", "jupyterhub_config.py"),
                ],
                cwd=self._prefix / "state",
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join([site, SOURCE]),
                    "TLJH_INSTALL_PREFIX": str(self._prefix),
                },
                stdout=log,
                stderr=log,
            )
        self._await("JupyterHub is now running")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def log(self) -> str:
        return self._log.read_text()

    def _await(self, text: str) -> None:
        before = self.log().count(text)
        while self.log().count(text) == before:
            assert self.process.poll() is None, self.log()
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                pass

    def api_call(self, method: str, path: str) -> Any:
        request = urllib.request.Request(
            f"{self.url}/hub/api{path}",
            method=method,
            headers={"Authorization": f"token {ADMIN_TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")


@pytest.fixture
def hub(
    daemon: FakeDaemon, prefix: Path, install_plugin: Any, monkeypatch: Any
) -> Iterator[Hub]:
    me = {"account": getpass.getuser(), "uid": 0, "gid": 0, "home": "/"}
    monkeypatch.setattr(daemon, "on_accounts_ensure", lambda **_: me)
    install_plugin(
        "custom",
        "from tljh.hooks import hookimpl\n"
        "@hookimpl\n"
        "def tljh_custom_jupyterhub_config(c):\n"
        "    c.JupyterHub.template_vars = {'announcement': 'said by a plugin'}\n",
    )
    install_plugin(
        "afails",
        "from tljh.hooks import hookimpl\n"
        "@hookimpl\n"
        "def tljh_custom_jupyterhub_config(c):\n"
        "    c.JupyterHub.template_vars = {'announcement': 'said by a broken one'}\n"
        "    raise RuntimeError('and then it failed')\n",
    )
    write_assignments(
        prefix,
        [
            {
                "class": "JupyterHub",
                "trait": "authenticator_class",
                "value": "firstuseauthenticator.FirstUseAuthenticator",
            },
            {"class": "FirstUseAuthenticator", "trait": "allow_all", "value": True},
            {
                "class": "Authenticator",
                "trait": "admin_users",
                "value": ["teacher"],
                "kind": "set",
            },
        ],
    )
    hub = Hub(prefix, prefix / "hub.log")
    (prefix / "hub.log").touch()
    hub.start()
    yield hub
    hub.stop()


def test_a_day_at_the_hub(hub: Hub, daemon: FakeDaemon):
    """One hub for all steps, since its start takes seconds."""
    alice, path = Browser(hub.url), "/hub/auth/change-password"

    assert (
        "failed in tljh_custom_jupyterhub_config: RuntimeError: and then" in hub.log()
    )
    _, page = alice.get("/hub/login")
    assert "said by a plugin" in page

    status, page = alice.log_in("alice", "short")
    assert "at least 7 characters" in page

    status, page = alice.log_in("alice")
    assert status == 200
    seen = json.loads(alice.get("/user/alice/")[1])
    assert seen["JUPYTERHUB_USER"] == "alice" and seen["SHELL"] == "/bin/bash"
    assert seen["FROM_SNIPPET"] == "hooked alice"
    assert daemon.called("accounts.ensure")[0]["account"] == "jupyter-alice"
    assert daemon.called("servers.start")[0]["unit"] == "jupyter-alice"

    status, page = Browser(hub.url).log_in("alice", "a wrong one")
    assert "Invalid username or password" in page

    status, page = alice.get(path)
    assert status == 200 and "Change Password" in page
    assert alice.post(path, password="without xsrf token")[0] == 403
    status, page = alice.submit(path, password="short", password_repeated="short")
    assert status == 400 and "at least 7 characters" in page
    status, page = alice.submit(path, password="long one", password_repeated="other")
    assert status == 400 and "differ" in page
    assert daemon.passwords["alice"] == PASSWORD
    status, page = alice.submit(path, password=" long one ")
    assert status == 200 and "changed successfully" in page
    assert daemon.passwords["alice"] == " long one "
    stranger = Browser(hub.url)
    assert 'id="username_input"' in stranger.get(path)[1]
    assert stranger.post(path, password="long enough")[0] == 403

    hub.stop()
    hub.start()
    assert hub.api_call("GET", "/users/alice")["server"] == "/user/alice/"
    assert json.loads(alice.get("/user/alice/")[1])["pid"] == seen["pid"]

    hub.api_call("DELETE", "/users/alice/server")
    assert daemon.called("servers.stop")[-1] == {"unit": "jupyter-alice"}
    assert daemon.servers == {}
    hub.api_call("DELETE", "/users/alice")
    assert "alice" not in daemon.passwords
    [removed] = daemon.called("users.removed")
    assert (removed["username"], removed["account"]) == ("alice", "jupyter-alice")

    bob = Browser(hub.url)
    refusal = FakeError("ACCOUNT_X", "Group <g> is missing.", "Make it first.")
    daemon.answers["accounts.ensure"] = [refusal]
    _, page = bob.log_in("bob")
    assert "Group &lt;g&gt; is missing. Make it first." in page
    _, page = bob.get("/hub/spawn-pending/bob")
    assert "Group &lt;g&gt; is missing.<br>Make it first." in page
    assert PASSWORD not in hub.log() and "long one" not in hub.log()
