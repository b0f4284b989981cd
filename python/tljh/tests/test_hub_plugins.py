"""What plugins may do to the hub's start, and what becomes of them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SOURCE, write_document
from tljh import _hub_config
from traitlets import Int, List, Type, Unicode
from traitlets.config import Configurable
from traitlets.config.loader import PyFileConfigLoader

FILE = Path(_hub_config.__file__).parent / "jupyterhub_config.py"
HOOK = "tljh_custom_jupyterhub_config"
HEAD = "import os, sys, time\nfrom tljh.hooks import hookimpl\n"
GOOD = HEAD + f"@hookimpl\ndef {HOOK}(c): c.Good.called = True\n"


def hook(*lines: str, options: str = "") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"{HEAD}@hookimpl{options}\ndef {HOOK}(c):\n{body}"


def load() -> Any:
    return PyFileConfigLoader(str(FILE)).load_config()


def report(prefix: Path) -> list[dict[str, Any]]:
    path = prefix / "state" / "plugin-reports" / "hub.json"
    assert path.stat().st_mode & 0o777 == 0o600
    content = json.loads(path.read_text())
    assert content["version"] == 1
    failures: list[dict[str, Any]] = content["failures"]
    return failures


@pytest.fixture
def start(prefix: Path) -> Callable[[], Any]:
    """Loads the configuration in a process of its own, which a plugin may end."""

    def start() -> Any:
        code = (
            "import sys\n"
            "from traitlets.config.loader import PyFileConfigLoader\n"
            "c = PyFileConfigLoader(sys.argv[1]).load_config()\n"
            "print(bool(c.Good.get('called')))\n"
        )
        paths = os.pathsep.join([str(prefix / "site"), SOURCE])
        return subprocess.run(
            [sys.executable, "-c", code, str(FILE)],
            env={
                **os.environ,
                "PYTHONPATH": paths,
                "PYTHONDONTWRITEBYTECODE": "1",
                "TLJH_INSTALL_PREFIX": str(prefix),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    return start


@pytest.mark.parametrize(
    ("source", "where", "code", "message"),
    [
        (
            "import no_such_module",
            None,
            "PLUGIN_HUB_IMPORT_FAILED",
            "ModuleNotFoundError",
        ),
        ("def x(:", None, "PLUGIN_HUB_IMPORT_FAILED", "SyntaxError"),
        ("raise SystemExit(3)", None, "PLUGIN_HUB_IMPORT_FAILED", "SystemExit: 3"),
        (
            hook("pass").replace("(c)", "(config)"),
            None,
            "PLUGIN_HUB_IMPORT_FAILED",
            "has the arguments (c",
        ),
        (hook("raise OSError('why')"), HOOK, "PLUGIN_HUB_HOOK_FAILED", "OSError: why"),
        (hook("sys.exit('bye')"), HOOK, "PLUGIN_HUB_HOOK_FAILED", "SystemExit: bye"),
        (
            hook("class Own(BaseException): pass", "raise Own"),
            HOOK,
            "PLUGIN_HUB_HOOK_FAILED",
            "Own",
        ),
        (hook("time.sleep(60)"), HOOK, "PLUGIN_HUB_LATE", "after 0.2 seconds"),
        (HEAD + "time.sleep(60)", None, "PLUGIN_HUB_LATE", "its import after 0.2 sec"),
        (
            hook("c.JupyterHub.services = 'x'"),
            HOOK,
            "PLUGIN_HUB_HOOK_FAILED",
            "services is no list but 'x'",
        ),
        (
            hook("c.JupyterHub.services.append('x')"),
            HOOK,
            "PLUGIN_HUB_HOOK_FAILED",
            "services holds 'x'",
        ),
    ],
)
def test_a_plugin_that_fails_is_reported_by_name_and_the_hub_starts_without_it(
    prefix: Path,
    install_plugin: Any,
    in_site: None,
    source: str,
    where: str | None,
    code: str,
    message: str,
):
    write_document(prefix, timeouts={"import": 0.2, HOOK: 0.2})
    install_plugin("bad", source)
    install_plugin("good", GOOD)
    assert load().Good.called is True
    [failure] = report(prefix)
    assert (failure["plugin"], failure["hook"], failure["code"]) == ("bad", where, code)
    assert "bad" in failure["message"] and message in failure["message"]
    assert "sudo tljh plugin disable bad" in failure["remedy"]
    assert failure["at"].endswith("Z")


def test_when_all_is_well_the_report_is_empty(
    prefix: Path, install_plugin: Any, in_site: None
):
    site = install_plugin("bad", hook("raise OSError"))
    load()
    assert len(report(prefix)) == 1
    (site / "bad.py").write_text(hook("pass"))
    del sys.modules["bad"]
    load()
    assert report(prefix) == []


def test_what_a_plugin_did_before_it_failed_is_taken_back(
    prefix: Path, install_plugin: Any, in_site: None
):
    install_plugin(
        "bad",
        hook(
            "c.JupyterHub.services.append({'name': 'bad'})",
            "c.Bad.trait = 1",
            "c.Spawner.environment.update({'BAD': '1'})",
            "raise OSError",
        ),
    )
    install_plugin(
        "later",
        hook("c.Spawner.environment.update({'GOOD': '1'})", options="(trylast=True)"),
    )
    c = load()
    assert [service["name"] for service in c.JupyterHub.services] == ["tljhd"]
    assert "Bad" not in c
    assert c.Spawner.environment.to_dict() == {"update": {"GOOD": "1"}}


def test_a_plugin_whose_changes_cannot_be_taken_back_says_so_in_the_report(
    prefix: Path, install_plugin: Any, in_site: None
):
    deep = ["c.A.deep = []", "for _ in range(5_000): c.A.deep = [c.A.deep]"]
    install_plugin("deep", hook(*deep, options="(tryfirst=True)"))
    install_plugin("bad", hook("c.Bad.trait = 1", "raise OSError('why')"))
    c = load()
    assert c.Bad.trait == 1
    [failure] = report(prefix)
    assert (
        "OSError: why. What it has set stays, since RecursionError"
        in failure["message"]
    )
    while c.A.deep:
        c.A.deep = c.A.deep[0]


def test_a_setting_of_a_typescript_plugin_that_cannot_be_made_is_reported(prefix: Path):
    wrong = {
        "class": "JupyterHub",
        "trait": "hub_port",
        "method": "append",
        "arguments": [1],
    }
    write_document(prefix, [{**wrong, "plugin": "simplest-ts"}])
    load()
    [failure] = report(prefix)
    assert (failure["plugin"], failure["hook"]) == ("simplest-ts", HOOK)
    assert failure["code"] == "PLUGIN_HUB_SETTING_REFUSED"
    assert "c.JupyterHub.hub_port" in failure["message"]


class Refusing(Configurable):
    """Stands for JupyterHub's classes, which are loaded when its configuration is."""

    port = Int(8000, config=True)
    names = List(Unicode(), config=True)
    kind = Type(Configurable, config=True)


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("c.Refusing.port = 'many'", "expected an int, not the str 'many'"),
        ("c.Refusing.names.append(1)", "not the int 1"),
        ("c.Refusing.kind = 'no.such.Class'", "no.such.Class"),
    ],
)
def test_what_jupyterhub_would_refuse_of_a_plugin_is_taken_back(
    prefix: Path, install_plugin: Any, in_site: None, statement: str, cause: str
):
    install_plugin("bad", hook("c.Bad.trait = 1", statement))
    install_plugin("good", GOOD)
    c = load()
    assert c.Good.called is True
    assert "Refusing" not in c and "Bad" not in c
    [failure] = report(prefix)
    assert (failure["plugin"], failure["code"]) == ("bad", "PLUGIN_HUB_HOOK_FAILED")
    assert cause in failure["message"]


@pytest.mark.parametrize(
    "statement",
    [
        "c.Refusing.port = 1",
        "c.Refusing.names.append('one')",
        "c.Refusing.kind = 'traitlets.config.SingletonConfigurable'",
        "c.Refusing.no_trait = object()",
        "c.NotLoaded.port = 'many'",
    ],
)
def test_what_jupyterhub_takes_or_is_not_known_stays(
    prefix: Path, install_plugin: Any, in_site: None, statement: str
):
    install_plugin("good", hook(statement))
    c = load()
    assert report(prefix) == []
    assert "Refusing" in c or "NotLoaded" in c


def test_what_several_plugins_add_to_one_value_is_all_there(
    prefix: Path, install_plugin: Any, in_site: None
):
    added = {"class": "Refusing", "trait": "names", "method": "append"}
    write_document(prefix, [{**added, "arguments": ["a"], "plugin": "typescript"}])
    install_plugin("one", hook("c.Refusing.names.append('b')"))
    install_plugin("two", hook("c.Refusing.names.append('c')"))
    names = Refusing(config=load()).names
    assert sorted(names) == ["a", "b", "c"]
    assert report(prefix) == []


def test_a_plugin_is_not_blamed_for_what_was_there_before(
    prefix: Path, install_plugin: Any, in_site: None
):
    values = [{"class": "Refusing", "trait": "port", "value": "many"}]
    write_document(prefix, values)
    install_plugin("good", GOOD)
    c = load()
    assert (c.Refusing.port, c.Good.called) == ("many", True)
    assert report(prefix) == []


def test_what_jupyterhub_would_refuse_of_a_typescript_plugin_is_taken_back(
    prefix: Path,
):
    right = {"class": "Refusing", "trait": "port", "value": 1, "plugin": "good"}
    wrong = {**right, "value": "many", "plugin": "bad"}
    write_document(prefix, [right, wrong])
    assert load().Refusing.port == 1
    [failure] = report(prefix)
    assert (failure["plugin"], failure["hook"]) == ("bad", HOOK)
    assert "expected an int, not the str 'many'" in failure["message"]


def test_a_plugin_is_given_its_own_settings(
    prefix: Path, install_plugin: Any, in_site: None
):
    write_document(prefix, settings={"one": {"size": 3}})
    source = hook("c.Seen[__name__] = settings").replace("(c)", "(c, settings)")
    install_plugin("one", source)
    install_plugin("two", source)
    assert load().Seen == {"one": {"size": 3}, "two": {}}


def test_a_disabled_plugin_is_not_even_imported(
    prefix: Path, install_plugin: Any, in_site: None
):
    write_document(prefix, disabled=["off"])
    install_plugin("off", "raise SystemExit(3)")
    install_plugin("good", GOOD)
    assert load().Good.called is True
    assert report(prefix) == []


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (hook("os._exit(3)"), HOOK),
        (hook("os.kill(os.getpid(), 11)"), HOOK),
        (HEAD + "os._exit(3)\n", None),
    ],
)
def test_a_plugin_that_ended_the_hub_is_left_out_from_then_on(
    prefix: Path, install_plugin: Any, start: Any, source: str, where: str | None
):
    install_plugin("deadly", source)
    install_plugin("good", GOOD)
    assert start().returncode != 0
    for _ in range(2):
        assert start().stdout == "True\n"
        [failure] = report(prefix)
        assert (failure["plugin"], failure["hook"]) == ("deadly", where)
        assert failure["code"] == "PLUGIN_HUB_ENDED"
        assert "sudo tljh plugin disable deadly" in failure["remedy"]


@pytest.mark.parametrize("change", ["file", "version"])
def test_a_plugin_that_ended_the_hub_takes_part_again_once_it_has_changed(
    prefix: Path, install_plugin: Any, start: Any, change: str
):
    marker = prefix / "mended"
    source = hook(
        f"if not os.path.exists({str(marker)!r}): os._exit(3)", "c.Good.called = 1"
    )
    site = install_plugin("deadly", source)
    assert start().returncode == 3
    marker.touch()
    assert start().stdout == "False\n"
    if change == "file":
        os.utime(site / "deadly.py", (1, 2_000_000_000))
    else:
        metadata = site / "deadly-1.0.dist-info" / "METADATA"
        metadata.write_text(metadata.read_text().replace("1.0", "1.1"))
    assert start().stdout == "True\n"
    assert report(prefix) == []
    assert not (prefix / "state" / "hub-calling.json").exists()


def test_of_two_plugins_that_end_the_hub_both_are_left_out(
    prefix: Path, install_plugin: Any, start: Any
):
    for name in ("one", "two"):
        install_plugin(name, hook("os._exit(3)"))
    install_plugin("good", GOOD)
    assert [start().returncode for _ in range(3)] == [3, 3, 0]
    assert {failure["plugin"] for failure in report(prefix)} == {"one", "two"}


def test_a_hub_that_is_told_to_end_during_a_call_blames_nobody(
    prefix: Path, install_plugin: Any, start: Any
):
    once = prefix / "once"
    install_plugin(
        "slow",
        hook(
            f"if not os.path.exists({str(once)!r}):",
            f"    open({str(once)!r}, 'w').close()",
            "    os.kill(os.getpid(), 15)",
            "    time.sleep(60)",
            "c.Good.called = 1",
        ),
    )
    assert start().returncode == 143
    assert start().stdout == "True\n"
    assert report(prefix) == []


@pytest.mark.parametrize(
    "change",
    [{"boot": "another run of the machine"}, {"pid": os.getppid()}],
)
def test_a_machine_that_went_down_or_a_hub_still_at_work_blames_nobody(
    prefix: Path, install_plugin: Any, start: Any, change: dict[str, Any]
):
    install_plugin(
        "good", GOOD.replace(": c.", ": os.path.exists('x') and os._exit(3); c.")
    )
    install_plugin("deadly", hook("os._exit(3)"))
    start()
    path = prefix / "state" / "hub-calling.json"
    notes = json.loads(path.read_text())
    notes["calling"].update(change)
    path.write_text(json.dumps(notes))
    assert start().returncode == 3


@pytest.mark.parametrize("text", ["", "[]", "{", '{"calling": 1, "ended": {}}'])
def test_notes_that_make_no_sense_are_no_notes(
    prefix: Path, install_plugin: Any, in_site: None, text: str
):
    (prefix / "state" / "hub-calling.json").write_text(text)
    install_plugin("good", GOOD)
    assert load().Good.called is True


def test_a_hub_that_may_not_write_its_state_starts_all_the_same(
    prefix: Path,
    install_plugin: Any,
    in_site: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    from tljh import _calling, _reports
    from traitlets.log import get_logger

    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    get_logger().propagate = True
    for module in (_calling, _reports):
        monkeypatch.setattr(module, "write_whole", refuse)
    install_plugin("good", GOOD)
    assert load().Good.called is True
    assert "report of failed plugins is missing" in caplog.text


def test_wrappers_run_around_the_implementation_of_their_own_plugin(
    prefix: Path, install_plugin: Any, in_site: None
):
    around = (
        "@hookimpl(hookwrapper=True, specname='tljh_custom_jupyterhub_config')\n"
        "def around(c):\n"
        "    c.Order.seen = [*c.Order.get('seen', []), 'before']\n"
        "    yield\n"
        "    c.Order.seen.append('after')\n"
    )
    install_plugin("alone", HEAD + around)
    install_plugin("both", hook("c.Order.seen.append('both')") + around)
    install_plugin("none", hook("c.Order.seen = ['none']"))
    expected = ["none", "before", "both", "after", "before", "after"]
    assert load().Order.seen == expected
    assert report(prefix) == []
