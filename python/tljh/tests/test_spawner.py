import asyncio
import os
import pwd
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_daemon import CutOff, FakeDaemon, FakeError

pytest.importorskip("jupyterhub")

from jupyterhub.spawner import Spawner  # noqa: E402
from systemdspawner import (  # noqa: E402
    ServerStartError,
    SystemdSpawner,
    systemdspawner,
)
from tljh.user_creating_spawner import UserCreatingSpawner  # noqa: E402
from traitlets.config import Config  # noqa: E402

ME = pwd.getpwuid(os.getuid())
TINY = [sys.executable, str(Path(__file__).parent / "tiny_server.py")]
Make = Callable[..., Any]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a spawner apart from any hub; its environment is what is needed here."""

    def get_env(spawner: Any) -> dict[str, Any]:
        url = f"http://127.0.0.1:{spawner.port}/"
        return {"PATH": "/bin", "JUPYTERHUB_SERVICE_URL": url, **spawner.environment}

    monkeypatch.setattr(Spawner, "get_env", get_env)

    def make(
        kind: type = SystemdSpawner,
        name: str = "alice",
        admin: bool = False,
        server: str = "",
        **traits: Any,
    ) -> Any:
        if kind is SystemdSpawner:
            traits.setdefault("username_template", ME.pw_name)
        c = Config()
        c.Spawner.update({"cmd": TINY, **traits})
        user = SimpleNamespace(name=name, id=5, admin=admin, url="/user/" + name)
        return kind(
            config=c, user=user, orm_spawner=SimpleNamespace(name=server, server=None)
        )

    return make


def started(daemon: FakeDaemon) -> Any:
    [params] = daemon.called("servers.start")
    return params


def test_a_server_starts_with_what_the_traits_say(daemon: FakeDaemon, make: Make):
    spawner = make(
        environment={"NUMBER": 1, "NOTHING": None},
        args=["--user={USERNAME}"],
        extra_paths=["/opt/{USERNAME}/bin"],
        default_shell="/bin/sh",
        unit_name_template="jupyter-{USERNAME}",
        user_workingdir="/tmp",
        isolate_tmp=True,
        mem_limit="1G",
        cpu_limit=1.5,
        slice="users.slice",
        unit_extra_properties={"MemoryMax": "2G", "BindPaths": ["/srv/{USERNAME}"]},
    )
    url = asyncio.run(spawner.start())
    assert url == ("127.0.0.1", spawner.port)
    params = started(daemon)
    # Half of what is left of start_timeout.
    assert 25 < params.pop("patience") <= 29
    assert params == {
        "unit": "jupyter-alice",
        "account": ME.pw_name,
        "dynamicUser": False,
        "command": [*TINY, "--user=alice"],
        "environment": {
            "PATH": "/opt/alice/bin:/bin",
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{spawner.port}/",
            "NUMBER": "1",
            "SHELL": "/bin/sh",
        },
        "workingDirectory": "/tmp",
        "properties": {
            "OOMPolicy": "continue",
            "RuntimeDirectory": "jupyter-alice",
            "RuntimeDirectoryMode": "700",
            "RuntimeDirectoryPreserve": "restart",
            "PrivateTmp": "yes",
            "NoNewPrivileges": "yes",
            "MemoryAccounting": "yes",
            "MemoryMax": "2G",
            "CPUAccounting": "yes",
            "CPUQuota": "150%",
            "BindPaths": ["/srv/alice"],
        },
        "slice": "users.slice",
    }


def test_without_settings_the_unit_has_the_originals_name_and_the_users_home(
    daemon: FakeDaemon, make: Make
):
    asyncio.run(make().start())
    params = started(daemon)
    assert params["unit"] == "jupyter-alice-singleuser"
    assert params["workingDirectory"] == ME.pw_dir
    assert params["slice"] is None


def test_it_is_watched_and_stopped(daemon: FakeDaemon, make: Make):
    async def go() -> None:
        spawner = make()
        assert await spawner.poll() == 0
        await spawner.start()
        assert await spawner.poll() is None
        await spawner.stop()
        assert await spawner.poll() == 0

    asyncio.run(go())


def test_a_server_the_hub_forgot_is_stopped_first(daemon: FakeDaemon, make: Make):
    async def go() -> None:
        await make().start()
        first = daemon.servers["jupyter-alice-singleuser"]
        await make().start()
        assert first.poll() is not None

    asyncio.run(go())


def test_the_unit_is_remembered_when_the_template_changes(make: Make):
    state = make(unit_name_template="old-{USERNAME}").get_state()
    spawner = make(unit_name_template="new-{USERNAME}")
    spawner.load_state(state)
    assert spawner.unit_name == "old-alice"
    spawner.load_state({})
    assert spawner.unit_name == "old-alice"


def test_named_servers_have_units_of_their_own(make: Make):
    assert make(server="two").unit_name == "jupyter-alice-singleuser:two"
    template = "{SERVERNAME}-of-{USERNAME}"
    assert make(server="two", unit_name_template=template).unit_name == "two-of-alice"


def test_a_dynamic_user_has_a_lasting_home(daemon: FakeDaemon, make: Make):
    params = make(dynamic_users=True)._unit_params()
    assert (params["account"], params["dynamicUser"]) == (None, True)
    assert params["properties"]["StateDirectory"] == "alice"
    assert params["workingDirectory"] == params["environment"]["HOME"]
    assert params["workingDirectory"] == "/var/lib/alice"


def test_while_the_daemon_is_away_a_server_counts_as_running(
    daemon: FakeDaemon, make: Make, monkeypatch: pytest.MonkeyPatch
):
    spawner = make()
    asyncio.run(spawner.start())
    daemon.answers["servers.status"] = [CutOff()] * 50
    monkeypatch.setattr("tljh._daemon.time", SimpleNamespace(monotonic=_hurried()))
    assert asyncio.run(spawner.poll()) is None
    daemon.answers["servers.status"] = [FakeError("COMMAND_FAILED", "No bus.")]
    assert asyncio.run(spawner.poll()) is None


def _hurried() -> Callable[[], float]:
    seconds = iter(range(0, 1_000_000, 100))
    return lambda: next(seconds)


def test_a_start_cut_off_is_taken_for_one_if_the_server_runs(
    daemon: FakeDaemon, make: Make, monkeypatch: pytest.MonkeyPatch
):
    def start_and_die(**params: Any) -> None:
        FakeDaemon.on_servers_start(daemon, **params)
        raise CutOff

    monkeypatch.setattr(daemon, "on_servers_start", start_and_die)
    spawner = make()
    asyncio.run(spawner.start())
    assert asyncio.run(spawner.poll()) is None


FAILURES: list[tuple[dict[str, Any], str]] = [
    ({"username_template": "no-such-user"}, "There is no Unix account 'no-such-user'"),
    ({"cmd": ["/bin/sh", "-c", "exit 3"]}, "stopped with exit status 3 while"),
    ({"cmd": ["/bin/sleep", "60"], "start_timeout": 1}, "not answer within 1 seconds"),
]


@pytest.mark.parametrize(("traits", "message"), FAILURES)
def test_a_failed_start_says_why(
    daemon: FakeDaemon, make: Make, traits: dict[str, Any], message: str
):
    with pytest.raises(ServerStartError) as raised:
        asyncio.run(make(http_timeout=1, **traits).start())
    assert message in raised.value.jupyterhub_message
    assert "An administrator" in raised.value.jupyterhub_html_message


def test_what_a_failed_server_said_is_shown_escaped(daemon: FakeDaemon, make: Make):
    gone = {"running": False, "exitStatus": 1, "result": "exit-code", "log": ["<b>"]}
    daemon.answers["servers.status"] = [{"running": False}, gone]
    with pytest.raises(ServerStartError) as raised:
        asyncio.run(make(cmd=["/bin/sleep", "60"]).start())
    assert "<pre>&lt;b&gt;</pre>" in raised.value.jupyterhub_html_message


def test_a_server_slower_than_the_start_is_left_to_a_longer_http_timeout(
    daemon: FakeDaemon, make: Make
):
    spawner = make(cmd=["/bin/sleep", "60"], start_timeout=1, http_timeout=90)
    assert asyncio.run(spawner.start()) == ("127.0.0.1", spawner.port)


def test_the_daemons_refusal_reaches_the_user(daemon: FakeDaemon, make: Make):
    refusal = FakeError("ACCOUNT_X", "Group <g> does not exist.", "Make it.")
    daemon.answers["accounts.ensure"] = [refusal]
    with pytest.raises(ServerStartError) as raised:
        asyncio.run(make(UserCreatingSpawner).start())
    assert "Group &lt;g&gt;" in raised.value.jupyterhub_html_message
    raised.value.reason = "error"
    assert raised.value.reason is None


def test_a_daemon_that_hangs_is_the_cause_before_the_hubs_own_timeout(
    daemon: FakeDaemon, make: Make, monkeypatch: pytest.MonkeyPatch
):
    done = threading.Event()
    monkeypatch.setattr(daemon, "on_accounts_ensure", lambda **_: done.wait())
    with pytest.raises(ServerStartError, match="did not answer accounts.ensure"):
        asyncio.run(make(UserCreatingSpawner, start_timeout=1).start())
    done.set()


class Own(UserCreatingSpawner):
    def _account(self) -> Any:
        self.asked_for = self._expand_user_vars(self.username_template)
        return ME


@pytest.mark.parametrize("admin", [True, False])
def test_the_account_is_made_before_the_server(
    daemon: FakeDaemon, make: Make, admin: bool
):
    groups = {"teachers": ["alice"], "others": ["bob"]}
    spawner = make(Own, admin=admin, user_groups=groups)
    asyncio.run(spawner.start())
    methods = [method for method, _ in daemon.calls]
    assert methods.index("accounts.ensure") < methods.index("servers.start")
    [params] = daemon.called("accounts.ensure")
    assert 25 < params.pop("patience") <= 29
    assert params == {
        "username": "alice",
        "account": "jupyter-alice",
        "admin": admin,
        "groups": ["teachers"],
    }
    assert spawner.asked_for == "jupyter-alice"
    properties = started(daemon)["properties"]
    assert properties.get("NoNewPrivileges") == (None if admin else "yes")


def test_long_and_odd_names_become_accounts(daemon: FakeDaemon, make: Make):
    spawner = make(Own, name="{" + "x" * 40)
    asyncio.run(spawner.start())
    account = "jupyter-{" + "x" * 17 + "-"
    assert spawner.asked_for.startswith(account) and len(spawner.asked_for) == 32


@pytest.mark.parametrize(
    ("kind", "traits", "account"),
    [
        (UserCreatingSpawner, {}, "jupyter-alice"),
        (SystemdSpawner, {"username_template": "x-{USERNAME}"}, "x-alice"),
        (Own, {"username_template": "unused"}, "jupyter-alice"),
    ],
)
def test_of_a_user_who_is_removed_plugins_are_told_by_the_account(
    daemon: FakeDaemon, make: Make, kind: type, traits: dict[str, Any], account: str
):
    asyncio.run(make(kind, **traits).delete_forever())
    params = {"username": "alice", "account": account, "patience": 20}
    assert daemon.calls == [("users.removed", params)]


def test_plugins_are_not_told_of_named_servers_and_of_users_without_an_account(
    daemon: FakeDaemon, make: Make
):
    asyncio.run(make(Own, server="two").delete_forever())
    asyncio.run(make(dynamic_users=True).delete_forever())
    assert daemon.calls == []


@pytest.mark.parametrize("trouble", ["refuses", "is away", "hangs"])
def test_a_user_is_removed_whatever_the_daemon_does(
    daemon: FakeDaemon,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
):
    done = threading.Event()
    if trouble == "refuses":
        daemon.answers["users.removed"] = [FakeError("X", "It is broken.")]
    elif trouble == "is away":
        daemon.stop()
        monkeypatch.setattr(systemdspawner, "AWAY", 0.1)
    else:
        monkeypatch.setattr(daemon, "on_users_removed", lambda **_: done.wait())
        monkeypatch.setattr(systemdspawner, "REMOVAL_TIMEOUT", 0.1)
    spawner = make(Own)
    spawner.log.propagate = True
    asyncio.run(spawner.delete_forever())
    done.set()
    assert "Plugins were not told that alice is removed" in caplog.text


def test_subclasses_may_override_start_in_any_way(daemon: FakeDaemon, make: Make):
    class Plain(Own):
        def start(self) -> Any:
            self.mem_limit = 5
            return super().start()

    class Async(Plain):
        async def start(self) -> Any:
            self.environment = {"SEEN": self.user.name}
            return await super().start()

    asyncio.run(make(Async).start())
    params = started(daemon)
    assert params["properties"]["MemoryMax"] == "5"
    assert params["environment"]["SEEN"] == "alice"


def test_the_waiting_user_sees_what_is_going_on(daemon: FakeDaemon, make: Make):
    async def go() -> list[str]:
        spawner, seen = make(Own), []
        spawner.report_step(10, "first")
        async for step in spawner.progress():
            seen.append(step["message"])
            if len(seen) == 1:
                await spawner._clear_way()
                spawner.report_step(20, "second")
            else:
                break
        return seen

    assert asyncio.run(go()) == ["first", "second"]
