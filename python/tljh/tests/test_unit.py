"""Needs neither JupyterHub nor systemd; loads the module apart from its package."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parent.parent / "src" / "systemdspawner" / "_unit.py"
SPEC = importlib.util.spec_from_file_location("unit_alone", FILE)
assert SPEC and SPEC.loader
unit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(unit)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("jupyter-{USERNAME}", "jupyter-alice"),
        ("/srv/{USERID}/{{x}}", "/srv/5/{x}"),
        ('{"user": "{USERNAME}"}', '{"user": "alice"}'),
        ("{0}{UNKNOWN}", "{0}{UNKNOWN}"),
        ("{", "{"),
    ],
)
def test_templates_know_two_names_and_keep_other_braces(template: str, filled: str):
    assert unit.expand(template, "alice", 5) == filled


def test_limits_become_properties():
    assert unit.limits(None, None) == {}
    assert unit.limits(1024, 0.29) == {
        "MemoryAccounting": "yes",
        "MemoryMax": "1024",
        "CPUAccounting": "yes",
        "CPUQuota": "29%",
    }


def test_isolation_becomes_properties():
    assert unit.isolation(False, False, False, None, None) == {}
    assert unit.isolation(True, True, True, ["/"], ["/home", "/tmp"]) == {
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "NoNewPrivileges": "yes",
        "ReadOnlyPaths": ["/"],
        "ReadWritePaths": ["/home", "/tmp"],
    }


def test_extra_properties_may_be_strings_lists_and_switches():
    def fill(text: str) -> str:
        return text.replace("{USERNAME}", "alice")

    values: dict[str, Any] = {
        "Environment": ["A={USERNAME}", "B=1"],
        "PrivateNetwork": True,
        "TasksMax": 100,
    }
    assert unit.extra(values, fill) == {
        "Environment": ["A=alice", "B=1"],
        "PrivateNetwork": "yes",
        "TasksMax": "100",
    }


def test_a_runtime_directory_is_given_only_under_a_name_that_means_nothing_else():
    assert unit.defaults("jupyter-alice")["RuntimeDirectory"] == "jupyter-alice"
    assert unit.defaults("jupyter-alice:two") == {"OOMPolicy": "continue"}
