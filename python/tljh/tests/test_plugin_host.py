import json
from typing import Any

IMPORT = "from tljh.hooks import hookimpl\n"
NEW_USER = "tljh_new_user_create"


def plugin(body: str) -> str:
    return IMPORT + body


def test_it_lists_each_plugin_with_its_hooks(install_plugin: Any, start_host: Any):
    install_plugin(
        "simplest",
        plugin(
            "@hookimpl(trylast=True)\n"
            "def tljh_new_user_create(username, marker='x'): pass\n"
            "def tljh_post_install(): raise Exception('undecorated')\n"
            "tljh_extra_apt_packages = None\n"
        ),
        module="tljh_simplest",
    )
    hook = {"name": NEW_USER, "arguments": ["username"]}
    assert start_host().call("plugins.list")["result"] == [
        {
            "name": "simplest",
            "module": "tljh_simplest",
            "distribution": "tljh_simplest",
            "version": "1.0",
            "hooks": [{**hook, "tryfirst": False, "trylast": True}],
            "unknown": [],
            "error": None,
        }
    ]


def test_a_plugin_that_cannot_be_imported_is_listed_with_its_error_beside_the_others(
    install_plugin: Any, start_host: Any
):
    install_plugin("bad", "import no_such_module")
    install_plugin("exits", "raise SystemExit(3)")
    install_plugin("good", plugin("@hookimpl\ndef tljh_post_install(): return 1\n"))
    host = start_host()
    errors = {p["name"]: p["error"] for p in host.call("plugins.list")["result"]}
    assert "No module named 'no_such_module'" in errors["bad"]["message"]
    assert 'bad.py", line 1' in errors["bad"]["trace"]
    assert "SystemExit: 3" in errors["exits"]["message"]
    assert errors["good"] is None
    assert host.hook("good", "tljh_post_install")["result"]["value"] == 1
    refused = host.hook("bad", "tljh_post_install")["error"]
    assert refused["code"] == "PLUGIN_NOT_LOADED"
    assert "no_such_module" in refused["message"]


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
    [listed] = start_host().call("plugins.list")["result"]
    assert listed["hooks"] == []
    assert "'user'" in listed["error"]["message"]
    assert "tljh_new_user_create has the arguments (username, settings)" in (
        listed["error"]["message"]
    )


def test_a_hook_nobody_specified_is_named_and_not_called(
    install_plugin: Any, start_host: Any
):
    install_plugin("odd", plugin("@hookimpl\ndef tljh_no_such_hook(): pass\n"))
    [listed] = start_host().call("plugins.list")["result"]
    assert (listed["hooks"], listed["unknown"]) == ([], ["tljh_no_such_hook"])


def test_of_two_plugins_with_one_name_the_second_is_refused(
    install_plugin: Any, start_host: Any
):
    install_plugin("same", plugin(""), module="one")
    install_plugin("same", plugin(""), module="two")
    first, second = start_host().call("plugins.list")["result"]
    assert first["error"] is None
    assert "already named 'same'" in second["error"]["message"]


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
    answer = start_host().hook(
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
    error = host.hook("fails", NEW_USER, username="jupyter-a")["error"]
    assert error["code"] == "PLUGIN_HOOK_FAILED"
    assert error["message"] == (
        "Plugin 'fails' failed in tljh_new_user_create: OSError: jupyter-a"
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
    error = host.hook("odd", "tljh_post_install")["error"]
    assert error["code"] == "PLUGIN_RESULT_UNSERIALISABLE"
    assert (error["plugin"], error["hook"]) == ("odd", "tljh_post_install")
    assert "a[0] is of type object" in error["message"]
    value = host.hook("odd", "tljh_extra_apt_packages")["result"]["value"]
    assert sorted(value) == ["a", "b"]


def test_a_hook_without_a_result_gives_null(install_plugin: Any, start_host: Any):
    install_plugin("quiet", plugin("@hookimpl\ndef tljh_extra_apt_packages(): pass\n"))
    result = start_host().hook("quiet", "tljh_extra_apt_packages")["result"]
    assert result == {"value": None, "arguments": {}}


def test_the_hook_for_the_hub_is_not_called_here(install_plugin: Any, start_host: Any):
    install_plugin(
        "hubby", plugin("@hookimpl\ndef tljh_custom_jupyterhub_config(c): pass\n")
    )
    error = start_host().hook("hubby", "tljh_custom_jupyterhub_config", c={})["error"]
    assert error["code"] == "PLUGIN_HOOK_UNKNOWN"
    assert "inside JupyterHub alone" in error["remedy"]


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
    assert missing["code"] == "PLUGIN_NOT_LOADED" and "good" in missing["remedy"]
    assert "result" in host.call("plugins.list")


def test_it_ends_with_its_input(install_plugin: Any, start_host: Any):
    install_plugin("good", plugin(""))
    host = start_host()
    host.call("plugins.list")
    host.end()
    assert host.process.returncode == 0
