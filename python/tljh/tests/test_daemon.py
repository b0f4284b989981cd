import asyncio
import os
import threading
from typing import Any

import pytest
from fake_daemon import CutOff, FakeDaemon, FakeError
from tljh import _daemon


def call(*args: Any, **kwargs: Any) -> Any:
    return asyncio.run(_daemon.call(*args, **kwargs))


BOTH = pytest.mark.parametrize("call", [call, _daemon.call_sync])


@BOTH
def test_a_call_gives_the_result(daemon: FakeDaemon, call: Any):
    daemon.passwords["ä"] = "p"
    assert call("passwords.state", {"username": "ä"}) == {"exists": True}


@BOTH
def test_an_error_has_code_message_and_remedy(daemon: FakeDaemon, call: Any):
    daemon.answers["ping"] = [FakeError("DAEMON_X", "It is <broken>.", "Mend it.")]
    with pytest.raises(_daemon.DaemonError) as raised:
        call("ping")
    assert (raised.value.code, str(raised.value)) == (
        "DAEMON_X",
        "It is <broken>. Mend it.",
    )
    assert raised.value.jupyterhub_html_message == "It is &lt;broken&gt;.<br>Mend it."


@BOTH
def test_a_call_waits_while_the_daemon_is_restarted(daemon: FakeDaemon, call: Any):
    daemon.stop()
    threading.Timer(0.2, daemon.start).start()
    assert call("ping")["version"] == "fake"


@BOTH
def test_a_call_cut_off_is_repeated(daemon: FakeDaemon, call: Any):
    daemon.answers["passwords.state"] = [CutOff()]
    assert call("passwords.state", {"username": "a"}) == {"exists": False}
    assert len(daemon.called("passwords.state")) == 2


@BOTH
@pytest.mark.parametrize("method", ["servers.start", "users.removed"])
def test_what_must_not_happen_twice_is_not_repeated_when_it_was_cut_off(
    daemon: FakeDaemon, call: Any, method: str
):
    daemon.answers[method] = [CutOff()]
    with pytest.raises(_daemon.DaemonConnectionLost) as raised:
        call(method, {})
    assert raised.value.code == "DAEMON_CONNECTION_LOST"
    assert len(daemon.called(method)) == 1


@BOTH
def test_without_a_daemon_the_error_names_the_socket(daemon: FakeDaemon, call: Any):
    daemon.stop()
    with pytest.raises(_daemon.DaemonUnavailable) as raised:
        call("ping", patience=0)
    assert raised.value.code == "DAEMON_UNAVAILABLE"
    assert daemon.path in raised.value.message
    assert "systemctl status tljhd" in raised.value.remedy


@BOTH
def test_an_answer_that_never_comes_is_an_error(
    daemon: FakeDaemon, call: Any, monkeypatch: pytest.MonkeyPatch
):
    done = threading.Event()
    monkeypatch.setattr(daemon, "on_ping", done.wait, raising=False)
    with pytest.raises(_daemon.DaemonError, match="ping within 0.05 seconds") as raised:
        call("ping", timeout=0.05)
    assert raised.value.code == "DAEMON_TIMEOUT"
    done.set()


def test_a_socket_one_may_not_open_is_no_reason_to_wait(
    daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(asyncio, "open_unix_connection", refuse)
    with pytest.raises(_daemon.DaemonUnavailable, match="Permission denied"):
        call("ping", patience=1000)


def test_a_long_answer_is_read_whole(daemon: FakeDaemon):
    daemon.answers["ping"] = ["x" * 1_000_000]
    assert len(call("ping")) == 1_000_000


def test_calls_go_on_side_by_side(daemon: FakeDaemon):
    async def several() -> list[Any]:
        return await asyncio.gather(*(_daemon.call("ping") for _ in range(20)))

    assert [answer["pid"] for answer in asyncio.run(several())] == [os.getpid()] * 20
