"""The example plugin, through the plugin host and into the hub's configuration."""

from pathlib import Path
from typing import Any

from tljh import _hub_plugins
from traitlets.config import Config

EXAMPLE = Path(__file__).parents[3] / "examples" / "plugins" / "tljh-simplest"


def install(install_plugin: Any) -> Path:
    source = (EXAMPLE / "tljh_simplest.py").read_text()
    site: Path = install_plugin("simplest", source, module="tljh_simplest")
    return site


def test_the_example_does_something_visible_in_every_hook(
    install_plugin: Any, start_host: Any
):
    site, host = install(install_plugin), start_host()
    loaded = host.load("simplest", "tljh_simplest")["result"]
    assert (len(loaded["hooks"]), loaded["unknown"]) == (14, [])

    def value(hook: str) -> Any:
        return host.hook("simplest", hook)["result"]["value"]

    for hook in ("apt", "hub_pip", "user_conda", "user_pip"):
        assert len(value(f"tljh_extra_{hook}_packages")) == 1
    assert value("tljh_extra_user_conda_channels") is None
    assert value("tljh_settings_schema")["section"] == "simplest"
    value("tljh_post_install")
    host.hook("simplest", "tljh_new_user_create", username="jupyter-a")
    host.hook("simplest", "tljh_user_removed", username="jupyter-a")
    [finding] = value("tljh_health_checks")
    assert finding["status"] == "ok"
    [check] = value("tljh_user_environment_checks")
    assert check["command"] == ["python", "--version"]
    spawn = {"username": "jupyter-a", "environment": {}, "settings": {"greeting": "Hi"}}
    answer = host.hook("simplest", "tljh_pre_spawn", **spawn)
    assert answer["result"]["arguments"]["environment"] == {
        "TLJH_SIMPLEST_PYTHON_SPAWN": "jupyter-a",
        "TLJH_SIMPLEST_PYTHON_GREETING": "Hi",
    }
    answer = host.hook("simplest", "tljh_config_post_install", config={})
    assert answer["result"]["arguments"]["config"] == {
        "TestPython": {"tljh_config_set_by_simplest_python_plugin": True}
    }
    mark = "file_written_by_simplest_python_plugin"
    assert (site / "test_tljh_post_install_python").read_text() == mark
    made = (site / "test_new_user_create_python").read_text()
    assert made == f"{mark} jupyter-a\n"
    assert (site / "test_user_removed_python").read_text() == made


def test_the_example_changes_the_hubs_configuration(
    prefix: Path, install_plugin: Any, in_site: None
):
    install(install_plugin)
    c = Config()
    failures: list[Any] = []
    _hub_plugins.call_plugins(c, {}, failures.append)
    assert failures == []
    assert c.TestPython.jupyterhub_config_set_by_simplest_python_plugin is True
    environment = c.Spawner.environment.get_value({"A": "1"})
    assert environment == {"A": "1", "TLJH_SIMPLEST_PYTHON": "set"}
