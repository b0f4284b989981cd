import json
import os
import subprocess
import sys
from typing import Any

import pytest
from conftest import SOURCE, InstallPlugin

HOOK = "tljh_custom_jupyterhub_config"


def look(site: Any, name: str = "stars", **request: Any) -> dict[str, Any]:
    """What the program is told of an installed plugin."""
    given = {"name": name, "assignments": [], "settings": {}, **request}
    done = subprocess.run(
        [sys.executable, "-m", "tljh._check"],
        input=json.dumps(given),
        env={**os.environ, "PYTHONPATH": f"{SOURCE}:{site}"},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


CONFIGURING = f"""
from tljh.hooks import hookimpl
print("hello")

class Authenticator:
    pass

@hookimpl
def {HOOK}(c, settings):
    c.JupyterHub.base_url = settings["url"]
    c.JupyterHub.authenticator_class = Authenticator
    c.JupyterHub.services.append({{"name": "grader"}})
    c.Spawner.args = ["-v"]
"""

ASSIGNMENTS = [
    {"class": "JupyterHub", "trait": "services", "value": [{"name": "first"}]},
    {"class": "Spawner", "trait": "args", "value": ["-v"]},
]


def test_what_a_plugin_changes_is_told_and_nothing_else(install_plugin: InstallPlugin):
    site = install_plugin("stars", CONFIGURING)
    answer = look(site, assignments=ASSIGNMENTS, settings={"url": "/hub/"})
    milliseconds = answer.pop("milliseconds")
    assert milliseconds >= 0
    assert answer["changes"]["JupyterHub"].pop("authenticator_class").startswith(
        "<class 'stars.Authenticator'"
    )
    assert answer == {
        "faults": [],
        "changes": {
            "JupyterHub": {
                "base_url": "/hub/",
                "services": [{"name": "first"}, {"name": "grader"}],
            }
        },
    }


def test_what_a_plugin_raises_is_told_with_its_place(install_plugin: InstallPlugin):
    source = CONFIGURING.replace("c.Spawner.args =", "raise ValueError('no')  #")
    error = look(install_plugin("stars", source), settings={"url": "/"})["error"]
    assert error["message"] == f"Plugin 'stars' failed in {HOOK}: ValueError: no"
    assert 'stars.py", line' in error["trace"]


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("tljh_post_install(config)", "can not be found in the hookspec"),
        ("tljh_extra_snap_packages()", "unknown hook 'tljh_extra_snap_packages'"),
    ],
)
def test_every_faulty_hook_is_told(
    install_plugin: InstallPlugin, signature: str, message: str
):
    source = f"""
from tljh.hooks import hookimpl

@hookimpl
def tljh_pre_spawn(nonsense): pass

@hookimpl
def {signature}: pass
"""
    faults = look(install_plugin("stars", source))["faults"]
    by_hook = {fault["hook"]: fault["message"] for fault in faults}
    assert by_hook.keys() == {"tljh_pre_spawn", signature.split("(")[0]}
    assert message in by_hook[signature.split("(")[0]]
