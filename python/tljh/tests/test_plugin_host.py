import json
from pathlib import Path
from typing import Any

import pytest

IMPORT = "from tljh.hooks import hookimpl\n"
NEW_USER = "tljh_new_user_create"


def plugin(body: str) -> str:
    return IMPORT + body


def test_it_finds_each_plugin_without_importing_it(install_plugin: Any, start_host: Any):
    install_plugin("simplest", "import os; os._exit(3)", module="tljh_simplest")
    assert start_host().call("plugins.find")["result"] == [
        {
            "name": "simplest",
            "module": "tljh_simplest",
            "distribution": "tljh_simplest",
            "version": "1.0",
        }
    ]


def test_a_loaded_plugin_is_told_with_its_hooks(install_plugin: Any, start_host: Any):
    install_plugin(
        "simplest",
        plugin(
            "@hookimpl(trylast=True)\n"
            "def tljh_new_user_create(username, marker='x'): pass\n"
            "def tljh_post_install(): raise Exception('undecorated')\n"
            "tljh_extra_apt_packages = None\n"
        ),
    )
    hook = {"name": NEW_USER, "arguments": ["username"]}
    assert start_host().load("simplest")["result"] == {
        "hooks": [{**hook, "tryfirst": False, "trylast": True}],
        "unknown": [],
    }


def test_a_plugin_that_cannot_be_imported_leaves_the_others_alone(
    install_plugin: Any, start_host: Any
):
    install_plugin("bad", "import no_such_module")
    install_plugin("exits", "raise SystemExit(3)")
    install_plugin("good", plugin("@hookimpl\ndef tljh_post_install(): return 1\n"))
    host = start_host()
    error = host.load("bad")["error"]
    assert error["code"] == "PLUGIN_IMPORT_FAILED"
    assert "the Python module bad" in error["message"]
    assert "No module named 'no_such_module'" in error["message"]
    assert 'bad.py", line 1' in error["trace"]
    assert "SystemExit: 3" in host.load("exits")["error"]["message"]
    assert "hooks" in host.load("good")["result"]
    assert host.hook("good", "tljh_post_install")["result"]["value"] == 1
    refused = host.hook("bad", "tljh_post_install")["error"]
    assert refused["code"] == "PLUGIN_NOT_LOADED"


def test_a_plugin_that_cannot_be_imported_may_be_mended_and_loaded_again(
    install_plugin: Any, start_host: Any
):
    site = install_plugin("bad", "raise OSError('disk')")
    host = start_host()
    assert "disk" in host.load("bad")["error"]["message"]
    (site / "bad.py").write_text("# All is well now, and the file is longer.\n")
    assert host.load("bad")["result"]["hooks"] == []


def test_an_argument_that_the_hook_lacks_refuses_the_whole_plugin(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "wrong",
        plugin(
            "@hookimpl\ndef tljh_extra_apt_packages(): return ['a']\n"
            "@hookimpl\ndef tljh_new_user_create(user): pass\n"
        ),
    )
    host = start_host()
    message = host.load("wrong")["error"]["message"]
    assert "'user'" in message
    assert "tljh_new_user_create has the arguments (username, settings)" in message
    refused = host.hook("wrong", "tljh_extra_apt_packages")["error"]
    assert refused["code"] == "PLUGIN_NOT_LOADED"


def test_a_hook_nobody_specified_is_named_and_not_called(
    install_plugin: Any, start_host: Any
):
    install_plugin("odd", plugin("@hookimpl\ndef tljh_no_such_hook(): pass\n"))
    host = start_host()
    assert host.load("odd")["result"] == {"hooks": [], "unknown": ["tljh_no_such_hook"]}
    refused = host.hook("odd", "tljh_no_such_hook")["error"]
    assert refused["code"] == "PLUGIN_HOOK_UNKNOWN"


def test_hooks_may_be_renamed_and_come_from_a_submodule(
    install_plugin: Any, start_host: Any
):
    install_plugin("hooks", "")
    site = install_plugin("other", "")
    (site / "pack").mkdir()
    (site / "pack" / "__init__.py").write_text("")
    (site / "pack" / "real.py").write_text(
        "from tljh.hooks import hookimpl as hook\n"
        "@hook\ndef tljh_extra_apt_packages(): return ('sl',)\n"
        "@hook(specname='tljh_post_install')\ndef whatever(): return 'done'\n"
    )
    (site / "pack" / "tljh.py").write_text("from pack.real import *\n")
    install_plugin("packed", "", module="unused", point="pack.tljh")
    host = start_host()
    host.load("packed", "pack.tljh")
    assert host.hook("packed", "tljh_extra_apt_packages")["result"]["value"] == ["sl"]
    assert host.hook("packed", "tljh_post_install")["result"]["value"] == "done"


def test_prints_go_to_standard_error_even_those_of_child_processes(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "loud",
        plugin(
            "import os, subprocess, sys\n"
            "print('imported')\n"
            "@hookimpl\n"
            "def tljh_post_install():\n"
            "    print('printed'); subprocess.run(['echo', 'echoed'])\n"
            "    os.write(1, b'written\\n')\n"
            "    return sys.stdin.read()\n"
        ),
    )
    host = start_host()
    host.load("loud")
    assert host.hook("loud", "tljh_post_install")["result"]["value"] == ""
    assert set(host.end().split()) == {b"imported", b"printed", b"echoed", b"written"}


def test_config_comes_back_as_it_was_changed_in_place(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "changes",
        plugin(
            "from ruamel.yaml.comments import CommentedMap\n"
            "@hookimpl\n"
            "def tljh_config_post_install(config):\n"
            "    config.setdefault('limits', {})['memory'] = '1G'\n"
            "    config.insert(0, 'first', CommentedMap(deep=[1, 2.5, True]))\n"
        ),
    )
    host = start_host()
    host.load("changes")
    answer = host.hook(
        "changes", "tljh_config_post_install", config={"users": {"admin": ["a"]}}
    )
    assert json.dumps(answer["result"]["arguments"]["config"]) == json.dumps(
        {
            "first": {"deep": [1, 2.5, True]},
            "users": {"admin": ["a"]},
            "limits": {"memory": "1G"},
        }
    )


def test_a_failing_hook_is_an_error_with_plugin_hook_cause_and_place(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "fails",
        plugin(
            "@hookimpl\ndef tljh_new_user_create(username): raise OSError(username)\n"
            "@hookimpl\ndef tljh_post_install(): raise SystemExit(4)\n"
        ),
    )
    host = start_host()
    host.load("fails")
    error = host.hook("fails", NEW_USER, username="jupyter-a")["error"]
    assert error["code"] == "PLUGIN_HOOK_FAILED"
    assert error["message"] == (
        "Plugin fails failed in tljh_new_user_create: OSError: jupyter-a"
    )
    assert 'fails.py", line 3' in error["trace"]
    assert "plugin_host" not in error["trace"] and "pluggy" not in error["trace"]
    assert "SystemExit" in host.hook("fails", "tljh_post_install")["error"]["message"]


def test_a_result_that_json_cannot_hold_is_an_error_naming_plugin_and_hook(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "odd",
        plugin(
            "@hookimpl\ndef tljh_post_install(): return {'a': [object()]}\n"
            "@hookimpl\ndef tljh_extra_apt_packages(): return (n for n in {'b', 'a'})\n"
        ),
    )
    host = start_host()
    host.load("odd")
    error = host.hook("odd", "tljh_post_install")["error"]
    assert error["code"] == "PLUGIN_RESULT_UNSERIALISABLE"
    assert "Plugin odd returned a value in tljh_post_install" in error["message"]
    assert "a[0] is of type object" in error["message"]
    value = host.hook("odd", "tljh_extra_apt_packages")["result"]["value"]
    assert sorted(value) == ["a", "b"]


def test_a_hook_without_a_result_gives_null(install_plugin: Any, start_host: Any):
    install_plugin("quiet", plugin("@hookimpl\ndef tljh_extra_apt_packages(): pass\n"))
    host = start_host()
    host.load("quiet")
    result = host.hook("quiet", "tljh_extra_apt_packages")["result"]
    assert result == {"value": None, "arguments": {}}


def test_the_hook_for_the_hub_is_not_called_here(install_plugin: Any, start_host: Any):
    install_plugin(
        "hubby", plugin("@hookimpl\ndef tljh_custom_jupyterhub_config(c): pass\n")
    )
    host = start_host()
    host.load("hubby")
    error = host.hook("hubby", "tljh_custom_jupyterhub_config", c={})["error"]
    assert error["code"] == "PLUGIN_HOOK_UNKNOWN"
    assert "is JupyterHub's to call" in error["remedy"]


def test_lines_it_does_not_understand_are_answered_and_survived(
    install_plugin: Any, start_host: Any
):
    install_plugin("good", plugin(""))
    host = start_host()
    assert host.send(b"{")["error"]["code"] == "PLUGIN_HOST_REQUEST"
    assert host.send(b"[1]")["error"]["code"] == "PLUGIN_HOST_REQUEST"
    wrong = host.send(b'{"id": 1, "method": "hook.call", "params": [1]}')["error"]
    assert wrong["code"] == "PLUGIN_HOST_FAILED" and "AttributeError" in wrong["message"]
    assert "no method 'x'" in host.call("x")["error"]["message"]
    missing = host.hook("none", "tljh_post_install")["error"]
    assert missing["code"] == "PLUGIN_NOT_LOADED" and "none" in missing["message"]
    assert host.call("host.hello")["result"] == {}


def test_it_ends_with_its_input(install_plugin: Any, start_host: Any):
    install_plugin("good", plugin(""))
    host = start_host()
    host.load("good")
    host.end()
    assert host.process.returncode == 0


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("list(range(1_000_000))", "100000 values are allowed"),
        ("itertools.count()", "100000 values are allowed"),
        ("['x' * 10_000_000]", "4000000 characters are allowed"),
    ],
)
def test_an_answer_that_is_too_large_is_refused_before_it_is_sent(
    install_plugin: Any, start_host: Any, answer: str, what: str
):
    install_plugin(
        "large",
        plugin(
            "import itertools\n"
            f"@hookimpl\ndef tljh_extra_apt_packages(): return {answer}\n"
        ),
    )
    host = start_host()
    host.load("large")
    error = host.hook("large", "tljh_extra_apt_packages")["error"]
    assert error["code"] == "PLUGIN_RESULT_TOO_LARGE"
    assert error["message"].startswith("Plugin large gave an answer to tljh_extra_apt")
    assert what in error["message"]


def test_an_answer_without_a_bottom_is_an_error(install_plugin: Any, start_host: Any):
    install_plugin(
        "deep",
        plugin(
            "@hookimpl\ndef tljh_extra_apt_packages():\n"
            "    inner = outer = []\n"
            "    for _ in range(5000):\n"
            "        inner.append([]); inner = inner[0]\n"
            "    return outer\n"
        ),
    )
    host = start_host()
    host.load("deep")
    error = host.hook("deep", "tljh_extra_apt_packages")["error"]
    assert error["code"] == "PLUGIN_RESULT_UNSERIALISABLE"
    assert "more than 200 levels" in error["message"]


def test_a_child_of_a_plugin_that_comes_back_from_the_hook_answers_nothing(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "forks",
        plugin(
            "import os\n"
            "@hookimpl\ndef tljh_extra_apt_packages():\n"
            "    child = os.fork()\n"
            "    if child: os.waitpid(child, 0)\n"
            "    return ['parent' if child else 'child']\n"
        ),
    )
    host = start_host()
    host.load("forks")
    for _ in range(2):
        value = host.hook("forks", "tljh_extra_apt_packages")["result"]["value"]
        assert value == ["parent"]


def test_a_plugin_that_closes_the_connection_ends_the_host_with_a_word(
    install_plugin: Any, start_host: Any, tmp_path: Path
):
    taken = tmp_path / "taken"
    install_plugin(
        "closes",
        plugin(
            "import os\n"
            "@hookimpl\ndef tljh_post_install():\n"
            "    os.closerange(3, 100)\n"
            f"    file = os.open({str(taken)!r}, os.O_CREAT | os.O_RDWR)\n"
            "    assert file == 3\n"
        ),
    )
    host = start_host()
    host.load("closes")
    host.wire.write(
        b'{"id": 1, "method": "hook.call", "params": '
        b'{"plugin": "closes", "hook": "tljh_post_install"}}\n'
    )
    host.wire.flush()
    assert host.wire.readline() == b""
    assert b"closed the connection" in host.end()
    assert taken.read_bytes() == b""


def test_programs_that_plugins_start_do_not_have_the_connection(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "runs",
        plugin(
            "import subprocess\n"
            "@hookimpl\ndef tljh_post_install():\n"
            "    run = subprocess.run(['sh', '-c', 'echo x >&3'], close_fds=False)\n"
            "    return run.returncode\n"
        ),
    )
    host = start_host()
    host.load("runs")
    assert host.hook("runs", "tljh_post_install")["result"]["value"] != 0
