import logging
from pathlib import Path
from typing import Any

import pytest
from conftest import write_assignments
from tljh import _hub_config
from tljh._assignments import AssignmentError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from traitlets.log import get_logger

FILE = Path(_hub_config.__file__).parent / "jupyterhub_config.py"
SERVICE = {"name": "tljhd", "admin": True, "api_token": "daemon-token"}


def load() -> Any:
    """The configuration as JupyterHub loads it."""
    return PyFileConfigLoader(str(FILE)).load_config()


def snippet(prefix: Path, name: str, text: str) -> None:
    (prefix / "config" / "jupyterhub_config.d" / name).write_text(text)


def assignment(section: str, trait: str, **rest: Any) -> dict[str, Any]:
    return {"class": section, "trait": trait, "plugin": None, **rest}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    get_logger().propagate = True
    caplog.set_level(logging.INFO)
    return caplog


def test_the_hub_gets_our_own_values_and_the_tokens_from_their_files(prefix: Path):
    c = load()
    assert c.JupyterHub.spawner_class == (
        "tljh.user_creating_spawner.UserCreatingSpawner"
    )
    assert (c.JupyterHub.hub_port, c.JupyterHub.cleanup_servers) == (15001, False)
    assert c.ConfigurableHTTPProxy.should_start is False
    assert c.ConfigurableHTTPProxy.auth_token == "proxy-token"
    assert c.SystemdSpawner.extra_paths == [str(prefix / "user" / "bin")]
    assert c.JupyterHub.services == [SERVICE]


def test_assignments_set_values_make_sets_and_call_methods(prefix: Path):
    write_assignments(
        prefix,
        [
            assignment("JupyterHub", "hub_port", value=1),
            assignment("Authenticator", "admin_users", value=["a", "a"], kind="set"),
            assignment("JupyterHub", "services", value=[]),
            assignment(
                "JupyterHub", "services", method="append", arguments=[{"name": "x"}]
            ),
            assignment(
                "JupyterHub", "template_paths", method="insert", arguments=[0, "/t"]
            ),
        ],
    )
    c = load()
    assert c.JupyterHub.hub_port == 1
    assert c.Authenticator.admin_users == {"a"}
    assert c.JupyterHub.services == [{"name": "x"}, SERVICE]
    assert c.JupyterHub.template_paths.get_value(["/u"]) == ["/t", "/u"]


def test_an_assignment_that_fails_stops_the_hub_unless_a_plugin_made_it(
    prefix: Path, logged: Any
):
    wrong = assignment("JupyterHub", "hub_port", method="append", arguments=[1])
    right = assignment("JupyterHub", "base_url", value="/x")
    write_assignments(prefix, [{**wrong, "plugin": "simplest"}, right])
    assert load().JupyterHub.base_url == "/x"
    assert "c.JupyterHub.hub_port of plugin 'simplest' cannot be set" in logged.text
    write_assignments(prefix, [wrong])
    with pytest.raises(AssignmentError, match="c.JupyterHub.hub_port cannot be set"):
        load()


def test_plugins_see_the_filled_configuration_and_snippets_come_after_them(
    prefix: Path, install_plugin: Any, in_site: None
):
    write_assignments(prefix, [assignment("Spawner", "default_url", value="/lab")])
    install_plugin(
        "custom",
        "from tljh.hooks import hookimpl\n"
        "@hookimpl\n"
        "def tljh_custom_jupyterhub_config(c, unused=1):\n"
        "    c.Seen.default_url = c.Spawner.default_url\n"
        "    c.JupyterHub.services.append({'name': 'plugin'})\n"
        "    c.Order.last = 'plugin'\n",
    )
    snippet(prefix, "b.py", "c.Order.last = 'b'")
    snippet(prefix, "a.py", "c.Order.last = 'a'; c.A.seen = True")
    c = load()
    assert (c.Seen.default_url, c.Order.last, c.A.seen) == ("/lab", "b", True)
    assert [service["name"] for service in c.JupyterHub.services] == ["plugin", "tljhd"]


def test_a_list_of_services_of_ones_own_does_not_drop_the_daemons(prefix: Path):
    snippet(prefix, "a.py", "c.JupyterHub.services = [{'name': 'mine'}]")
    assert load().JupyterHub.services == [{"name": "mine"}, SERVICE]


def test_services_appended_by_a_snippet_are_kept(prefix: Path):
    snippet(prefix, "a.py", "c.JupyterHub.services.append({'name': 'mine'})")
    assert load().JupyterHub.services == [{"name": "mine"}, SERVICE]


def test_services_nobody_assigned_are_a_list_too():
    c = Config()
    c.JupyterHub.services.append({"name": "tljhd"})
    _hub_config.keep_service(c, "daemon-token")
    assert c.JupyterHub.services == [SERVICE]


def test_a_plugin_that_fails_is_named_and_stops_neither_the_hub_nor_the_others(
    prefix: Path, install_plugin: Any, in_site: None, logged: Any
):
    install_plugin("broken", "import no_such_module")
    for name, body in {
        "afails": "raise OSError('why')",
        "good": "c.Good.called = 1",
    }.items():
        install_plugin(
            name,
            "from tljh.hooks import hookimpl\n"
            f"@hookimpl\ndef tljh_custom_jupyterhub_config(c): {body}\n",
        )
    assert load().Good.called == 1
    assert (
        "Plugin broken could not be loaded from the Python module broken" in logged.text
    )
    assert (
        "'afails' failed in tljh_custom_jupyterhub_config: OSError: why" in logged.text
    )


def test_a_snippet_that_fails_stops_the_hub_and_is_named(prefix: Path, logged: Any):
    snippet(prefix, "bad.py", "import no_such_module")
    with pytest.raises(ModuleNotFoundError):
        load()
    assert "bad.py stops the hub: ModuleNotFoundError" in logged.text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("proxy.secret", None, "cannot be read: No such file"),
        ("tljhd.secret", "\n", "is empty"),
        ("jupyterhub-config.json", None, "cannot be used: No such file"),
        ("jupyterhub-config.json", "{", "cannot be used: json.decoder"),
        ("jupyterhub-config.json", '{"version": 2}', "its version is 2, not 1"),
    ],
)
def test_a_file_that_is_missing_or_wrong_is_named_with_what_to_do(
    prefix: Path, name: str, content: str | None, message: str
):
    path = prefix / "state" / name
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(_hub_config.HubConfigError) as raised:
        load()
    assert str(path) in str(raised.value) and message in str(raised.value)
    assert "sudo tljh" in str(raised.value)


def test_a_hub_without_root_reads_the_copies_systemd_made_for_it(
    prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "proxy.secret").write_text("other-token")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    c = load()
    assert c.ConfigurableHTTPProxy.auth_token == "other-token"
    assert c.JupyterHub.services == [SERVICE]
