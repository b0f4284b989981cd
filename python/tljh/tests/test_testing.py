import types
from pathlib import Path
from typing import Any

import pytest
from tljh.hooks import hookimpl
from tljh.testing import PluginProblem, load_plugin


def plugin_of(*functions: Any) -> Any:
    """A module with these functions as hooks."""
    module = types.ModuleType("stars")
    for function in functions:
        setattr(module, function.__name__, hookimpl(function))
    return module


def answering(hook: str, answer: Any) -> Any:
    def implementation() -> Any:
        return answer

    implementation.__name__ = hook
    return load_plugin(plugin_of(implementation))


def test_a_module_is_loaded_with_its_hooks():
    plugin = answering("tljh_extra_apt_packages", ["sl"])
    assert (plugin.name, plugin.hooks) == ("stars", ["tljh_extra_apt_packages"])
    assert plugin.call("tljh_extra_apt_packages") == ["sl"]


def test_a_module_is_loaded_by_its_name(monkeypatch, tmp_path):
    source = "from tljh.hooks import hookimpl\n@hookimpl\ndef tljh_post_install(): pass"
    (tmp_path / "by_its_name.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_plugin("by_its_name").hooks == ["tljh_post_install"]


PYPROJECT = '[project.entry-points.tljh]\n{name} = "{reference}"\n'
SETUP_CFG = "[options.entry_points]\ntljh =\n    {name} = {reference}\n"


@pytest.mark.parametrize(
    ("manifest", "text", "below"),
    [("pyproject.toml", PYPROJECT, "src"), ("setup.cfg", SETUP_CFG, ".")],
)
def test_a_folder_is_loaded_by_its_manifest(
    tmp_path: Path, monkeypatch, manifest: str, text: str, below: str
):
    module = f"tljh_in_{manifest.replace('.', '_')}"
    entry = text.format(name="stars", reference=f"{module}:Hooks")
    (tmp_path / manifest).write_text(entry)
    (tmp_path / below).mkdir(exist_ok=True)
    (tmp_path / below / f"{module}.py").write_text("""
from tljh.hooks import hookimpl
class Hooks:
    @hookimpl
    def tljh_extra_apt_packages():
        return ["sl"]
""")
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    plugin = load_plugin(tmp_path)
    assert plugin.name == "stars"
    assert plugin.call("tljh_extra_apt_packages") == ["sl"]


@pytest.mark.parametrize(
    ("points", "name", "message"),
    [
        ("", None, "names no plugin"),
        ('a = "x"\nb = "x"', None, "has 2 plugins; say which one: a, b"),
        ('a = "x"', "c", "has no plugin c: a"),
    ],
)
def test_a_folder_must_say_which_plugin_is_meant(
    tmp_path: Path, points: str, name: str | None, message: str
):
    text = f"[project.entry-points.tljh]\n{points}\n" if points else ""
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(PluginProblem, match=message):
        load_plugin(tmp_path, name=name)


def test_a_plugin_is_refused_as_an_installation_would():
    def tljh_post_install(nothing: Any) -> None: ...

    def tljh_extra_snap_packages() -> None: ...

    for function in (tljh_post_install, tljh_extra_snap_packages):
        with pytest.raises(PluginProblem, match=function.__name__):
            load_plugin(plugin_of(function))


def test_a_hook_that_is_not_there_is_named_with_those_that_are():
    plugin = answering("tljh_post_install", None)
    with pytest.raises(PluginProblem, match="its hooks: tljh_post_install"):
        plugin.call("tljh_extra_apt_packages")


def test_an_argument_that_is_wrong_or_missing_is_named():
    def tljh_new_user_create(username: str) -> None: ...

    plugin = load_plugin(plugin_of(tljh_new_user_create))
    with pytest.raises(PluginProblem, match="username is missing"):
        plugin.call("tljh_new_user_create")
    with pytest.raises(PluginProblem, match="has no argument name"):
        plugin.call("tljh_new_user_create", name="jupyter-ada")
    assert plugin.call("tljh_new_user_create", username="jupyter-ada") is None


@pytest.mark.parametrize("answer", [["b", "a", "b"], ("b", "a")])
def test_a_list_has_each_entry_once(answer: Any):
    plugin = answering("tljh_extra_user_pip_packages", answer)
    assert plugin.call("tljh_extra_user_pip_packages") == ["b", "a"]


def test_nothing_is_an_empty_list():
    assert answering("tljh_extra_apt_packages", None).call("tljh_extra_apt_packages") == []


@pytest.mark.parametrize(
    ("hook", "answer", "wrong"),
    [
        ("apt", "sl", "is not a list"),
        ("apt", ["x"] * 1001, "1001 entries; 1000 are allowed"),
        ("apt", [1], "is not a string"),
        ("apt", [""], "is empty"),
        ("apt", [" sl"], "begins or ends with a blank"),
        ("apt", ["sl\nfiglet"], "holds a line break"),
        ("apt", ["s" * 1001], "more than 1000 characters"),
        ("apt", ["-y"], "begins with a dash"),
        ("apt", ["s_l"], "is no name of a Debian package"),
        ("user_conda", ["--yes"], "begins with a dash"),
    ],
)
def test_a_list_that_makes_no_sense_fails(hook: str, answer: Any, wrong: str):
    name = f"tljh_extra_{hook}_packages"
    with pytest.raises(PluginProblem, match=wrong):
        answering(name, answer).call(name)


def test_pip_takes_options_and_a_channel_no_blank():
    option = ["--pre"]
    name = "tljh_extra_hub_pip_packages"
    assert answering(name, option).call(name) == option
    name = "tljh_extra_user_conda_channels"
    with pytest.raises(PluginProblem, match="holds a blank"):
        answering(name, ["conda forge"]).call(name)


def test_config_comes_back_as_the_hook_leaves_it():
    def tljh_config_post_install(config: Any) -> None:
        config.setdefault("limits", {})["cpu"] = 2

    given = {"limits": {"memory": "1G"}}
    plugin = load_plugin(plugin_of(tljh_config_post_install))
    after = plugin.call("tljh_config_post_install", config=given)
    assert after == {"limits": {"memory": "1G", "cpu": 2}}
    assert given == {"limits": {"memory": "1G"}}


class Authenticator:
    pass


def test_c_comes_back_as_a_dict_of_what_is_set():
    def tljh_custom_jupyterhub_config(c: Any) -> None:
        c.JupyterHub.authenticator_class = Authenticator
        c.Spawner.args.append("--debug")
        c.JupyterHub.services.append({"name": "grader"})
        c.JupyterHub.services.insert(0, {"name": "first"})
        c.Spawner.environment.update({"COURSE": "stars"})
        c.Authenticator.allowed_users.add("ada")
        c.Untouched  # noqa: B018

    plugin = load_plugin(plugin_of(tljh_custom_jupyterhub_config))
    given = {"Spawner": {"args": ["-v"]}}
    assert plugin.call("tljh_custom_jupyterhub_config", c=given) == {
        "Spawner": {"args": ["-v", "--debug"], "environment": {"COURSE": "stars"}},
        "JupyterHub": {
            "authenticator_class": Authenticator,
            "services": [{"name": "first"}, {"name": "grader"}],
        },
        "Authenticator": {"allowed_users": {"ada"}},
    }
    assert given == {"Spawner": {"args": ["-v"]}}


def test_the_environment_comes_back_as_the_hook_leaves_it():
    def tljh_pre_spawn(username: str, environment: dict[str, str]) -> None:
        environment["SCRATCH"] = f"/scratch/{username}"

    plugin = load_plugin(plugin_of(tljh_pre_spawn))
    before = {"LANG": "C"}
    after = plugin.call("tljh_pre_spawn", username="jupyter-ada", environment=before)
    assert after == {"LANG": "C", "SCRATCH": "/scratch/jupyter-ada"}
    assert before == {"LANG": "C"}


def test_checks_of_an_environment_come_back_and_are_checked():
    hook = "tljh_user_environment_checks"
    check = {"name": "stars", "command": ["python", "-c", "import stars"]}
    assert answering(hook, [check]).call(hook) == [check]
    assert answering(hook, None).call(hook) == []
    for wrong, message in [
        (check, "is not a list"),
        (["fine"], "is not a dict"),
        ([{**check, "name": " "}], "has no name"),
        ([{**check, "command": "python"}], "a command that is not a list"),
        ([{**check, "command": []}], "a command that is not a list"),
        ([{**check, "command": ["python", 3]}], "holds what is no word"),
    ]:
        with pytest.raises(PluginProblem, match=message):
            answering(hook, wrong).call(hook)


def test_findings_come_back_and_are_checked():
    hook = "tljh_health_checks"
    finding = {"name": "disk", "status": "ok", "message": "there is room"}
    assert answering(hook, [finding]).call(hook) == [finding]
    assert answering(hook, None).call(hook) == []
    for wrong, message in [
        (finding, "is not a list"),
        (["fine"], "is not a dict"),
        ([{**finding, "status": "fine"}], "a status that is none of"),
        ([{**finding, "message": ""}], "has no message"),
        ([{**finding, "remedy": 1}], "a remedy that is not a string"),
    ]:
        with pytest.raises(PluginProblem, match=message):
            answering(hook, wrong).call(hook)


def tljh_settings_schema() -> Any:
    program = {"type": "string", "default": "sl", "description": "A program."}
    no_default = {"type": "integer", "description": "A number."}
    return {"section": "stars", "keys": {"program": program, "number": no_default}}


def tljh_extra_apt_packages(settings: dict[str, Any]) -> list[str]:
    return [settings["program"], *map(str, settings.keys())]


@pytest.mark.parametrize(
    ("given", "packages"),
    [({}, ["sl", "program"]), ({"program": "figlet"}, ["figlet", "program"])],
)
def test_hooks_are_given_the_settings_of_the_test_with_defaults(
    given: dict[str, Any], packages: list[str]
):
    module = plugin_of(tljh_settings_schema, tljh_extra_apt_packages)
    plugin = load_plugin(module, settings=given)
    assert plugin.call("tljh_extra_apt_packages") == packages


def test_a_setting_that_is_not_declared_is_refused():
    for functions in ([tljh_settings_schema], []):
        with pytest.raises(PluginProblem, match="declares no setting programme"):
            load_plugin(plugin_of(*functions), settings={"programme": "sl"})


def test_what_a_hook_raises_is_raised():
    def tljh_post_install() -> None:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        load_plugin(plugin_of(tljh_post_install)).call("tljh_post_install")
