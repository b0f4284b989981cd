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
from conftest import SOURCE
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
    others = {"admin": False, "groups": [], "patience": 290}
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
    assert "does nothing" in caplog.text


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
