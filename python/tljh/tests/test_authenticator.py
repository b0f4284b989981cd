import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_daemon import FakeDaemon

pytest.importorskip("jupyterhub")

from firstuseauthenticator import FirstUseAuthenticator  # noqa: E402
from jupyterhub import orm  # noqa: E402
from tornado import web  # noqa: E402
from traitlets.config import Config  # noqa: E402

SECRET = "correct horse"
LogIn = Callable[..., Any]


@pytest.fixture
def handler() -> Any:
    session = orm.new_session_factory("sqlite:///:memory:")()
    session.add(orm.User(name="known"))
    session.commit()
    return SimpleNamespace(db=session)


@pytest.fixture
def log_in(handler: Any) -> LogIn:
    """Logs somebody in as JupyterHub does it; gives their name or None."""

    def log_in(username: str, password: str = SECRET, **traits: Any) -> Any:
        authenticator = make(**traits)
        data = {"username": username, "password": password}
        model = asyncio.run(authenticator.get_authenticated_user(handler, data))
        return model and model["name"]

    return log_in


def make(**traits: Any) -> FirstUseAuthenticator:
    c = Config()
    c.FirstUseAuthenticator.update(traits)
    return FirstUseAuthenticator(config=c)


def test_the_first_password_is_kept_and_asked_for_from_then_on(
    daemon: FakeDaemon, log_in: LogIn
):
    assert log_in("Alice") == "alice"
    assert daemon.passwords == {"alice": SECRET}
    assert log_in("alice", "another one") is None
    assert log_in("ALICE") == "alice"
    assert daemon.passwords == {"alice": SECRET}


def test_a_first_password_has_a_least_length(
    daemon: FakeDaemon, log_in: LogIn, handler: Any
):
    assert log_in("alice", "sixsix") is None
    assert "at least 7 characters" in handler.custom_login_error
    assert log_in("alice", "sixsix", min_password_length=6) == "alice"


def test_a_short_password_that_is_already_set_is_good(
    daemon: FakeDaemon, log_in: LogIn
):
    daemon.passwords["alice"] = "x"
    assert log_in("alice", "x") == "alice"


def test_a_password_may_not_be_endless(daemon: FakeDaemon, log_in: LogIn, handler: Any):
    assert log_in("alice", "x" * 5000) is None
    assert "too long" in handler.custom_login_error


@pytest.mark.parametrize("allowed", [{}, {"allowed_users": {"known", "new"}}])
def test_without_create_users_only_those_the_hub_knows_get_in(
    daemon: FakeDaemon, log_in: LogIn, allowed: dict[str, Any]
):
    assert log_in("new", create_users=False, **allowed) is None
    assert log_in("known", create_users=False, **allowed) == "known"
    assert daemon.passwords == {"known": SECRET}


def test_the_daemon_is_asked_about_unknown_names_too(daemon: FakeDaemon, log_in: LogIn):
    log_in("new", create_users=False)
    assert len(daemon.called("passwords.check")) == 1


@pytest.mark.parametrize(
    "traits", [{"allowed_users": {"bob"}}, {"blocked_users": {"alice"}}]
)
def test_who_may_not_log_in_cannot_set_a_password_either(
    daemon: FakeDaemon, log_in: LogIn, traits: dict[str, Any]
):
    assert log_in("alice", **traits) is None
    assert daemon.passwords == {}


def test_everybody_is_allowed_unless_some_are_named():
    assert make().allow_all is True
    assert make(allowed_users={"alice"}).allow_all is False


@pytest.mark.parametrize("name", ["", "a b", "a,b", "a/b", "a\nb", "a\0"])
def test_names_that_cannot_be_users_are_refused_before_anything_is_kept(
    daemon: FakeDaemon, log_in: LogIn, name: str
):
    assert log_in(name) is None
    assert daemon.passwords == {}


def test_of_two_first_logins_at_once_the_second_must_know_the_password(
    daemon: FakeDaemon, handler: Any
):
    authenticator = make()

    async def both() -> list[Any]:
        return await asyncio.gather(
            *(
                authenticator.authenticate(handler, {"username": "a", "password": p})
                for p in ("first password", "second password")
            )
        )

    names = asyncio.run(both())
    assert sorted(names, key=str) == [None, "a"]
    winner = ("first password", "second password")[names.index("a")]
    assert daemon.passwords == {"a": winner}


def test_a_removed_user_may_choose_anew(daemon: FakeDaemon, log_in: LogIn):
    log_in("alice")
    asyncio.run(make().delete_user(SimpleNamespace(name="alice")))
    assert log_in("alice", "another one") == "alice"


def test_a_password_can_be_reset(daemon: FakeDaemon):
    daemon.passwords["alice"] = SECRET
    authenticator = make()
    short = asyncio.run(authenticator.reset_password("alice", "short"))
    assert "at least 7 characters" in short
    assert daemon.passwords["alice"] == SECRET
    done = asyncio.run(authenticator.reset_password("alice", "long enough"))
    assert "success" in done
    assert daemon.passwords["alice"] == "long enough"


def test_without_the_daemon_the_login_page_says_so(
    daemon: FakeDaemon, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(asyncio, "open_unix_connection", refuse)
    with pytest.raises(web.HTTPError) as raised:
        log_in("alice")
    assert raised.value.status_code == 503
    assert "cannot reach tljhd" in str(raised.value)


def test_passwords_are_never_logged(
    daemon: FakeDaemon, log_in: LogIn, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("traitlets").propagate = True
    log_in("alice")
    log_in("alice", "Tr0ub4dor")
    log_in("bob", "Tr0ub")
    asyncio.run(make().reset_password("alice", "Tr0ub4dor"))
    assert caplog.text and SECRET not in caplog.text and "Tr0ub" not in caplog.text


def test_the_originals_settings_are_accepted():
    authenticator = make(dbm_path="/x.dbm", check_passwords_on_startup=False)
    assert authenticator.dbm_path == "/x.dbm"


def test_a_file_with_the_originals_passwords_is_spoken_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    logging.getLogger("traitlets").propagate = True
    (tmp_path / "passwords.dbm.db").touch()
    make(dbm_path=str(tmp_path / "passwords.dbm"))
    assert "passwords.dbm.db are not read" in caplog.text
