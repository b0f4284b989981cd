import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fake_daemon import FakeDaemon
from tljh import config

SOURCE = str(Path(__file__).parent.parent / "src")


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDaemon]:
    # The path of a unix socket is short.
    with tempfile.TemporaryDirectory() as folder:
        fake = FakeDaemon(os.path.join(folder, "s"))
        monkeypatch.setenv("TLJH_SOCKET", fake.path)
        fake.start()
        yield fake
        fake.close()


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An install prefix with the files that the program leaves for the hub."""
    state, snippets = tmp_path / "state", tmp_path / "config" / "jupyterhub_config.d"
    state.mkdir()
    snippets.mkdir(parents=True)
    (state / "proxy.secret").write_text("proxy-token\n")
    (state / "tljhd.secret").write_text("daemon-token\n")
    write_assignments(tmp_path, [])
    for name, folder in {
        "INSTALL_PREFIX": tmp_path,
        "STATE_DIR": state,
        "CONFIG_DIR": tmp_path / "config",
        "CONFIG_FILE": tmp_path / "config" / "config.yaml",
        "USER_ENV_PREFIX": tmp_path / "user",
    }.items():
        monkeypatch.setattr(config, name, str(folder))
    return tmp_path


def write_assignments(prefix: Path, assignments: list[dict[str, Any]]) -> None:
    write_document(prefix, assignments)


def write_document(
    prefix: Path, assignments: Sequence[dict[str, Any]] = (), **rest: Any
) -> None:
    """What the program hands to the hub."""
    document = {"version": 1, "assignments": [*assignments], **rest}
    path = prefix / "state" / "jupyterhub-config.json"
    path.write_text(json.dumps(document))


InstallPlugin = Callable[..., Path]


@pytest.fixture
def install_plugin(tmp_path: Path) -> InstallPlugin:
    """Puts a module with its entry point into a folder, as pip does; gives the folder."""
    site = tmp_path / "site"
    site.mkdir()

    def install(name: str, source: str, module: str = "", point: str = "") -> Path:
        module = module or name
        (site / f"{module}.py").write_text(source)
        info = site / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n"
        )
        (info / "entry_points.txt").write_text(f"[tljh]\n{name} = {point or module}\n")
        return site

    return install


@pytest.fixture
def in_site(
    install_plugin: InstallPlugin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Has this very process see the installed plugins."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


class Host:
    """The plugin host as a process."""

    def __init__(self, site: Path) -> None:
        paths = os.pathsep.join([str(site), SOURCE])
        ours, theirs = socket.socketpair()
        # Descriptor 3, whatever number the socket has here.
        start = (
            f"import os, sys; os.dup2({theirs.fileno()}, 3); "
            f"os.execv(sys.executable, [sys.executable, '-m', 'tljh.plugin_host'])"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", start],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": paths},
            cwd=site,
        )
        theirs.close()
        self.wire = ours.makefile("rwb")
        ours.close()

    def send(self, line: bytes) -> dict[str, Any]:
        self.wire.write(line + b"\n")
        self.wire.flush()
        answer: dict[str, Any] = json.loads(self.wire.readline())
        return answer

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        request = {"id": 7, "method": method, "params": params}
        answer = self.send(json.dumps(request).encode())
        assert answer["id"] == 7
        return answer

    def load(self, plugin: str, module: str = "") -> dict[str, Any]:
        return self.call("plugin.load", plugin=plugin, **{"from": module or plugin})

    def hook(self, plugin: str, hook: str, **arguments: Any) -> dict[str, Any]:
        return self.call("hook.call", plugin=plugin, hook=hook, arguments=arguments)

    def end(self) -> bytes:
        self.wire.close()
        return b"".join(self.process.communicate(timeout=10))


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[Callable[[], Host]]:
    hosts: list[Host] = []

    def start() -> Host:
        hosts.append(Host(tmp_path / "site"))
        return hosts[-1]

    yield start
    for host in hosts:
        if host.process.poll() is None:
            host.end()
