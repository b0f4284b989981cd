"""The modules that plugins import. Commands are replaced by ones that write down."""

import hashlib
import json
import logging
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SOURCE, write_document
from fake_daemon import FakeDaemon
from tljh import (
    apt,
    conda,
    config,
    configurer,
    installer,
    systemd,
    traefik,
    user,
    utils,
)
from tljh.normalize import generate_system_username
from traitlets.config import Config
from traitlets.log import get_logger

ME = pwd.getpwuid(os.getuid()).pw_name
Commands = Callable[[], list[list[str]]]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Puts commands that only record their arguments in front of the real ones."""
    folder, record = tmp_path / "bin", tmp_path / "record"
    folder.mkdir()
    record.touch()
    for (
        name
    ) in "apt-get chmod chown deluser delgroup gpasswd groupadd systemctl useradd".split():
        write_program(
            folder / name,
            f"import json, sys; open({str(record)!r}, 'a').write("
            f"json.dumps([{name!r}, *sys.argv[1:]]) + '\\n')",
        )
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return lambda: [json.loads(line) for line in record.read_text().splitlines()]


def write_program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(0o755)


def test_names_of_accounts_fit_into_32_characters():
    assert generate_system_username("jupyter-alice") == "jupyter-alice"
    assert generate_system_username("x" * 25) == "x" * 25
    digest = hashlib.sha256(("x" * 26).encode()).hexdigest()
    assert generate_system_username("x" * 26) == "x" * 26 + "-" + digest[:5]
    assert len(generate_system_username("ä" * 99)) == 32


def test_versions_are_their_numbers():
    assert utils.parse_version("v1.10.2rc3") == (1, 10, 2, 3)
    assert utils.parse_version("nonsense") == ()


def test_a_subprocess_that_fails_is_an_error_with_its_output_in_the_log(caplog: Any):
    caplog.set_level(logging.DEBUG, "tljh")
    utils.run_subprocess(["echo", "quiet"])
    assert [r.levelname for r in caplog.records if "quiet" in r.message] == [
        "DEBUG"
    ] * 3
    with pytest.raises(subprocess.CalledProcessError):
        utils.run_subprocess(["sh", "-c", "echo loud; exit 3"], input=b"")
    assert any(r.levelname == "ERROR" and r.message == "loud\n" for r in caplog.records)


def test_the_plugin_manager_leaves_out_plugins_that_cannot_be_loaded(
    install_plugin: Any, in_site: None, caplog: Any
):
    install_plugin("bad", "1/0")
    install_plugin(
        "good",
        "from tljh.hooks import hookimpl\n"
        "@hookimpl\ndef tljh_extra_apt_packages(): return ['sl']\n"
        "@hookimpl\ndef tljh_extra_user_pip_packages(): return None\n",
    )
    manager = utils.get_plugin_manager()
    assert manager.hook.tljh_extra_apt_packages() == [["sl"]]
    assert manager.hook.tljh_extra_user_pip_packages() == []
    assert "'bad' cannot be loaded: ZeroDivisionError" in caplog.text


def test_hooks_of_the_plugin_manager_are_called_without_settings_and_each_has_its_own(
    prefix: Path, install_plugin: Any, in_site: None, recwarn: Any
):
    write_document(prefix, settings={"sized": {"size": 3}})
    head = "from tljh.hooks import hookimpl\n@hookimpl"
    for name in ("sized", "other"):
        install_plugin(
            name,
            f"{head}\ndef tljh_new_user_create(settings, username):\n"
            "    return [__name__, username, settings]\n",
        )
    install_plugin(
        "wraps",
        f"{head}(hookwrapper=True)\ndef tljh_new_user_create(username, settings):\n"
        "    outcome = yield\n"
        "    outcome.force_result([*outcome.get_result(), settings])\n",
    )
    manager = utils.get_plugin_manager()
    assert manager.hook.tljh_new_user_create(username="jupyter-a") == [
        ["sized", "jupyter-a", {"size": 3}],
        ["other", "jupyter-a", {}],
        {},
    ]
    assert [str(warning.message) for warning in recwarn] == []


def test_groups_and_members_are_made_and_removed_only_if_need_be(commands: Commands):
    user.ensure_group("teachers")
    user.ensure_user_group("no-such-user", "daemon")
    user.remove_user_group("no-such-user", "daemon")
    user.remove_group("no-such-group")
    user.remove_group("daemon")
    user.remove_user("no-such-user")
    user.remove_user(ME)
    assert commands() == [
        ["groupadd", "--force", "teachers"],
        ["gpasswd", "--add", "no-such-user", "daemon"],
        ["delgroup", "--quiet", "daemon"],
        ["deluser", "--quiet", ME],
    ]
    with pytest.raises(KeyError):
        user.ensure_user_group(ME, "no-such-group")


def test_a_user_who_exists_is_left_alone(commands: Commands, daemon: FakeDaemon):
    user.ensure_user(ME)
    assert commands() == [] and daemon.calls == []


def test_a_new_user_is_the_daemons_to_make(commands: Commands, daemon: FakeDaemon):
    user.ensure_user("new-user")
    name = {"username": "new-user", "account": "new-user"}
    others = {"admin": False, "groups": [], "patience": 60}
    assert daemon.calls == [("accounts.ensure", {**name, **others})]
    assert commands() == []


@pytest.mark.parametrize("inside_hook", [True, False])
def test_without_a_daemon_to_ask_the_account_is_made_here_and_plugins_are_told(
    inside_hook: bool,
    commands: Commands,
    daemon: FakeDaemon,
    install_plugin: Any,
    in_site: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    if inside_hook:
        monkeypatch.setenv("TLJH_PLUGIN_HOST", "1")
    else:
        daemon.stop()
    told = tmp_path / "told"
    install_plugin(
        "tells",
        "from tljh.hooks import hookimpl\n"
        "@hookimpl\n"
        f"def tljh_new_user_create(username): open({str(told)!r}, 'w').write(username)\n",
    )
    known = iter([KeyError, "/home/new-user"])

    def getpwnam(name: str) -> Any:
        home = next(known)
        if isinstance(home, type):
            raise home
        return pwd.struct_passwd((name, "x", 1, 1, "", home, ""))

    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    user.ensure_user("new-user")
    assert commands() == [
        ["useradd", "--create-home", "--shell", "/bin/bash", "new-user"],
        ["chmod", "o-rwx", "/home/new-user"],
    ]
    assert told.read_text() == "new-user" and daemon.calls == []


def test_units_are_written_and_systemctl_is_called(commands: Commands, tmp_path: Path):
    systemd.install_unit("x.service", "[Unit]\n", path=str(tmp_path))
    assert (tmp_path / "x.service").read_text() == "[Unit]\n"
    systemd.uninstall_unit("x.service", path=str(tmp_path))
    assert not (tmp_path / "x.service").exists()
    with pytest.raises(subprocess.CalledProcessError):
        systemd.uninstall_unit("x.service", path=str(tmp_path))
    systemd.reload_daemon()
    for verb in ("start", "stop", "restart", "enable", "disable"):
        getattr(systemd, f"{verb}_service")("x")
    assert systemd.check_service_active("x") and systemd.check_service_enabled("x")
    verbs = "daemon-reload start stop restart enable disable is-active is-enabled"
    assert [command[1] for command in commands()] == verbs.split()


def test_packages_are_installed_with_mamba_or_conda_and_pip(
    commands: Commands, tmp_path: Path
):
    env, ran = tmp_path / "env", tmp_path / "ran"
    note = f"import sys; open({str(ran)!r}, 'a').write(' '.join(sys.argv) + '\\n')"
    for name in ("conda", "python"):
        write_program(env / "bin" / name, note)
    conda.ensure_conda_packages(str(env), ["a", "b"], channels=("x", "y"))
    write_program(env / "bin" / "mamba", note)
    conda.ensure_conda_packages(str(env), ["c"], force_reinstall=True)
    conda.ensure_pip_packages(str(env), ["d"], upgrade=True)
    conda.ensure_pip_requirements(str(env), "r.txt")
    assert ran.read_text().replace(f"{env}/bin/", "").splitlines() == [
        f"conda install --yes -c x -c y --prefix {env} a b",
        f"mamba install --yes --force-reinstall -c conda-forge --prefix {env} c",
        "python -m pip install --upgrade d",
        "python -m pip install --requirement r.txt",
    ]
    owner = f"{os.getuid()}:{os.getgid()}"
    mended = [["chown", "-R", owner, str(env)], ["chmod", "-R", "o-w", str(env)]]
    assert commands() == mended * 4
    write_program(env / "bin" / "conda", 'print(\'[{"name": "a", "version": "1"}]\')')
    assert conda.get_conda_package_versions(str(env)) == {"a": "1"}
    assert conda.get_conda_package_versions(str(tmp_path / "none")) == {}


@pytest.mark.parametrize(
    "install", [conda.ensure_conda_packages, conda.ensure_pip_packages]
)
def test_one_name_is_not_taken_for_a_list_of_packages(
    install: Callable[..., None], commands: Commands, tmp_path: Path
):
    with pytest.raises(TypeError, match="'numpy', not a list"):
        install(str(tmp_path), "numpy")


def test_a_file_has_a_digest(tmp_path: Path):
    (tmp_path / "x").write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()
    assert conda.sha256_file(str(tmp_path / "x")) == digest


def test_systemctl_that_fails_is_an_error_but_for_questions(
    commands: Commands, tmp_path: Path
):
    write_program(tmp_path / "bin" / "systemctl", "import sys; sys.exit(3)")
    for call in (systemd.restart_service, systemd.enable_service):
        with pytest.raises(subprocess.CalledProcessError):
            call("x")
    assert systemd.check_service_active("x") is False
    assert systemd.check_service_enabled("x") is False


def test_apt_sources_are_added_once(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("SOURCES", "KEYS", "LISTS"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setattr(apt, name, str(folder))
    monkeypatch.setattr(
        "platform.freedesktop_os_release", lambda: {"VERSION_CODENAME": "trixie"}
    )
    for _ in range(2):
        apt.add_source("x", "https://example.org/debian", "main")
    apt.trust_gpg_key(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n")
    apt.install_packages(["sl"])
    line = "deb https://example.org/debian trixie main\n"
    assert (tmp_path / "SOURCES" / "x.list").read_text() == line
    [key] = (tmp_path / "KEYS").iterdir()
    assert key.suffix == ".asc"
    update, install = ["apt-get", "update", "--yes"], ["apt-get", "install", "--yes"]
    assert commands() == [update, update, [*install, "sl"]]


def test_there_is_no_traefik_and_the_log_says_so(caplog: Any):
    get_logger().propagate = True
    traefik.ensure_traefik_config("/opt/tljh/state")
    traefik.ensure_traefik_binary("/opt/tljh/hub")
    assert "ensure_traefik_config does nothing" in caplog.text
    assert "ensure_traefik_binary does nothing" in caplog.text


def test_the_effective_configuration_is_asked_of_the_program(prefix: Path):
    write_program(
        prefix / "app" / "bin" / "tljh-config",
        "import json, sys; print(json.dumps({'asked': sys.argv[1:]}))",
    )
    asked = ["show", "--effective", "--json"]
    assert configurer.load_config(config.CONFIG_FILE) == {
        "asked": ["--config-path", config.CONFIG_FILE, *asked]
    }
    assert configurer.load_config() == {"asked": asked}


def test_without_the_program_the_configuration_is_what_the_file_says(
    prefix: Path, caplog: Any
):
    get_logger().propagate = True
    file = prefix / "config" / "config.yaml"
    assert configurer.load_config(str(file)) == {}
    file.write_text("limits:\n  memory: 1G  # each\n")
    assert configurer.load_config(str(file)) == {"limits": {"memory": "1G"}}
    write_program(
        prefix / "app" / "bin" / "tljh-config", "import sys; sys.exit('no root')"
    )
    assert configurer.load_config(str(file)) == {"limits": {"memory": "1G"}}
    assert "failed with exit code 1: no root" in caplog.text


def test_a_configuration_is_applied_as_the_program_says(prefix: Path):
    write_program(
        prefix / "app" / "bin" / "tljh",
        "import json, sys\n"
        "assert sys.argv[1:] == ['hub-config', '--stdin']\n"
        "url = json.load(sys.stdin)['base_url']\n"
        "one = {'class': 'JupyterHub', 'trait': 'base_url', 'value': url}\n"
        "print(json.dumps([one]))",
    )
    c = Config()
    configurer.apply_config({"base_url": "/x"}, c)
    assert c.JupyterHub.base_url == "/x"
    write_program(
        prefix / "app" / "bin" / "tljh", "import sys; sys.exit('it is wrong')"
    )
    with pytest.raises(RuntimeError, match="it is wrong"):
        configurer.apply_config({}, c)


CONFIG = {"a": {"b": 1, "c": [1, 2]}, "d": {"e": {"f": "x"}}}


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (config.set_item_in_config, ("a.b", 2), {**CONFIG, "a": {"b": 2, "c": [1, 2]}}),
        (
            config.set_item_in_config,
            ("a.b.x", 2),
            {**CONFIG, "a": {"b": {"x": 2}, "c": [1, 2]}},
        ),
        (config.unset_item_from_config, ("d.e.f",), {"a": CONFIG["a"]}),
        (config.unset_item_from_config, ("a.b",), {**CONFIG, "a": {"c": [1, 2]}}),
        (
            config.add_item_to_config,
            ("a.c", 3),
            {**CONFIG, "a": {"b": 1, "c": [1, 2, 3]}},
        ),
        (config.add_item_to_config, ("n.l", 3), {**CONFIG, "n": {"l": [3]}}),
        (
            config.remove_item_from_config,
            ("a.c", 1),
            {**CONFIG, "a": {"b": 1, "c": [2]}},
        ),
    ],
)
def test_items_of_a_configuration_are_changed_in_a_copy(
    function: Any, arguments: Any, expected: Any
):
    before = json.dumps(CONFIG)
    assert function(CONFIG, *arguments) == expected
    assert json.dumps(CONFIG) == before


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (config.unset_item_from_config, ("a.x",), "a.x does not exist in config!"),
        (config.unset_item_from_config, ("x.y",), "x.y does not exist in config!"),
        (config.remove_item_from_config, ("a.b", 1), "a.b is not a list"),
        (config.remove_item_from_config, ("x.y", 1), "x.y does not exist in config!"),
        (config.remove_item_from_config, ("a.c", 7), "not in list"),
    ],
)
def test_items_that_are_not_there_are_errors(
    function: Any, arguments: Any, message: str
):
    with pytest.raises(ValueError, match=message):
        function(CONFIG, *arguments)


@pytest.mark.parametrize(
    ("text", "value"),
    [("NONE", None), ("7", 7), ("1.5", 1.5), ("True", True), ("false", False)]
    + [(text, text) for text in ("x", "1x", "1.2x", "-1")],
)
def test_typed_values_are_understood(text: str, value: Any):
    assert config.parse_value(text) == value


def test_config_yaml_is_changed_by_the_program(prefix: Path, capsys: Any):
    record = prefix / "record"
    write_program(
        prefix / "app" / "bin" / "tljh-config",
        f"import json, sys; open({str(record)!r}, 'a').write("
        "json.dumps(sys.argv[3:]) + '\\n'); print('limits:')",
    )
    path = config.CONFIG_FILE
    config.set_config_value(path, "limits.memory", "1G")
    config.set_config_value(path, "x", True, validate=False)
    config.unset_config_value(path, "limits.memory")
    config.add_config_value(path, "users.admin", "alice")
    config.remove_config_value(path, "users.admin", "--odd")
    config.show_config(path)
    assert [json.loads(line) for line in record.read_text().splitlines()] == [
        ["set", "--", "limits.memory", "1G"],
        ["--no-validate", "set", "--", "x", "True"],
        ["unset", "--", "limits.memory"],
        ["add-item", "--", "users.admin", "alice"],
        ["remove-item", "--", "users.admin", "--odd"],
        ["show"],
    ]
    assert capsys.readouterr().out == "limits:\n"
    with pytest.raises(TypeError, match="one by one"):
        config.set_config_value(path, "users.admin", ["alice"])


def test_what_the_program_refuses_is_an_error_as_it_always_was(
    prefix: Path, capsys: Any
):
    said = "error: a.b does not exist in config!"
    tool = prefix / "app" / "bin" / "tljh-config"
    write_program(tool, f"import sys; sys.exit({said!r})")
    with pytest.raises(ValueError, match="^a.b does not exist in config!$"):
        config.unset_config_value(config.CONFIG_FILE, "a.b")
    write_program(tool, "import sys; sys.exit('limits.memory is wrong')")
    with pytest.raises(SystemExit) as raised:
        config.set_config_value(config.CONFIG_FILE, "limits.memory", "banana")
    assert raised.value.code == 1
    assert capsys.readouterr().err == "limits.memory is wrong\n"


@pytest.mark.parametrize(
    ("module", "program", "before"),
    [("tljh.installer", "tljh", ["install"]), ("tljh.config", "tljh-config", [])],
)
def test_modules_run_as_programs_become_ours(
    prefix: Path, module: str, program: str, before: list[str]
):
    write_program(
        prefix / "app" / "bin" / program, "import sys; print(sys.argv[1:]); sys.exit(7)"
    )
    process = subprocess.run(
        [sys.executable, "-m", module, "--admin", "a b"],
        env={**os.environ, "PYTHONPATH": SOURCE, "TLJH_INSTALL_PREFIX": str(prefix)},
        capture_output=True,
        text=True,
    )
    assert process.stdout == f"{[*before, '--admin', 'a b']}\n"
    assert process.returncode == 7


def test_the_installer_that_is_missing_is_named(prefix: Path):
    with pytest.raises(SystemExit, match="app/bin/tljh cannot be run: No such file"):
        installer.main([])


def test_paths_are_where_the_prefix_is(prefix: Path):
    code = "from tljh import config as c; print(c.INSTALL_PREFIX, c.CONFIG_FILE)"
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": SOURCE, "TLJH_INSTALL_PREFIX": "/srv/x"},
        capture_output=True,
        text=True,
    )
    assert process.stdout == "/srv/x /srv/x/config/config.yaml\n"
    config.get_current_config(str(prefix / "none.yaml"))
