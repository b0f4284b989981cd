"""
Plugins in all the shapes that published ones have, as small as they can be.

Each goes the whole way: from its entry point to JupyterHub's own objects, or through
the plugin host.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import write_document
from tljh import _hub_config
from traitlets.config.loader import PyFileConfigLoader

JupyterHub: Any
try:
    # Here, since what a test imports is taken out again with its plugins.
    from jupyterhub.app import JupyterHub
except ImportError:
    JupyterHub = None

FILE = Path(_hub_config.__file__).parent / "jupyterhub_config.py"
HOOK = "from tljh.hooks import hookimpl\n"
HUB_HOOK = "@hookimpl\ndef tljh_custom_jupyterhub_config(c):\n"


@pytest.fixture
def configured(prefix: Path, install_plugin: Any, in_site: None) -> Any:
    """The hub's configuration with one plugin, all of whose hooks must have worked."""

    def configured(source: str, **document: Any) -> Any:
        write_document(prefix, **document)
        install_plugin("wild", HOOK + source)
        c = PyFileConfigLoader(str(FILE)).load_config()
        report = prefix / "state" / "plugin-reports" / "hub.json"
        assert json.loads(report.read_text())["failures"] == []
        return c

    return configured


@pytest.fixture
def hub(configured: Any) -> Any:
    """What JupyterHub itself makes of the configuration that the plugin's lines leave."""
    if JupyterHub is None:
        pytest.skip("needs JupyterHub")

    def hub(*lines: str, before: str = "", **document: Any) -> Any:
        body = "".join(f"    {line}\n" for line in lines)
        return JupyterHub(config=configured(before + HUB_HOOK + body, **document))

    return hub


def services(hub: Any) -> list[str]:
    return [service["name"] for service in hub.services]


# How plugins are written


def test_a_parameter_with_a_default_is_no_argument_of_the_hook(configured: Any):
    c = configured(
        "from tljh.configurer import CONFIG_FILE, load_config\n"
        "@hookimpl(trylast=True)\n"
        "def tljh_custom_jupyterhub_config(c, tljh_config_file=CONFIG_FILE):\n"
        "    c.Wild.groups = load_config(tljh_config_file).get('plasma', {})\n"
        "    c.Wild.file = tljh_config_file\n"
    )
    assert c.Wild.groups == {}
    assert c.Wild.file.endswith("config.yaml")


def test_a_hook_may_be_marked_by_another_name(configured: Any):
    c = configured(
        "from tljh.hooks import hookimpl as hook\n"
        "@hook\ndef tljh_custom_jupyterhub_config(c): c.Wild.called = True\n"
    )
    assert c.Wild.called is True


def test_hooks_may_depend_on_whether_tljh_can_be_imported(configured: Any):
    c = configured(
        "try:\n"
        "    from tljh.hooks import hookimpl\n"
        "except ImportError:\n"
        "    tljh_custom_jupyterhub_config = None\n"
        "else:\n"
        "    @hookimpl\n"
        "    def tljh_custom_jupyterhub_config(c): c.Wild.called = True\n"
        "tljh_post_install = None\n"
        "tljh_extra_apt_packages = None\n"
    )
    assert c.Wild.called is True


def test_a_function_without_the_mark_is_no_hook(configured: Any):
    c = configured("def tljh_custom_jupyterhub_config(c): c.Wild.called = True\n")
    assert "Wild" not in c


def test_with_trylast_a_plugin_comes_after_the_others(
    configured: Any, install_plugin: Any
):
    for name in ("aa", "zz"):
        install_plugin(name, HOOK + HUB_HOOK + f"    c.Wild.order = {name!r}\n")
    c = configured(
        HUB_HOOK.replace("@hookimpl", "@hookimpl(trylast=True)")
        + "    c.Wild.order += ' wild'\n"
    )
    assert c.Wild.order == "aa wild"


@pytest.mark.parametrize(
    ("point", "files"),
    [
        ("pack.tljh", {"tljh.py": "REAL"}),
        ("pack", {"__init__.py": "from .real import *\n", "real.py": "REAL"}),
        (
            "pack",
            {
                "__init__.py": "from .real import tljh_custom_jupyterhub_config\n",
                "real.py": "REAL",
            },
        ),
        (
            "pack.main:plugin",
            {"main.py": "REAL\nimport sys\nplugin = sys.modules[__name__]\n"},
        ),
        (
            "pack.main:plugin",
            {
                "main.py": HOOK + "class Plugin:\n"
                "    @hookimpl\n"
                "    def tljh_custom_jupyterhub_config(self, c): c.Wild.called = True\n"
                "plugin = Plugin()\n"
            },
        ),
    ],
)
def test_an_entry_point_may_name_a_module_of_a_package_or_an_object_in_it(
    prefix: Path, install_plugin: Any, in_site: None, point: str, files: dict[str, str]
):
    real = HOOK + HUB_HOOK + "    c.Wild.called = True\n"
    site = install_plugin("wild", "", module="unused", point=point)
    (site / "pack").mkdir()
    for name, text in {"__init__.py": "", **files}.items():
        (site / "pack" / name).write_text(text.replace("REAL", real))
    assert PyFileConfigLoader(str(FILE)).load_config().Wild.called is True


def test_a_package_without_an_entry_point_is_no_plugin_and_no_trouble(
    prefix: Path, install_plugin: Any, in_site: None, start_host: Any
):
    site = install_plugin("theme", "raise SystemExit")
    (site / "theme-1.0.dist-info" / "entry_points.txt").unlink()
    PyFileConfigLoader(str(FILE)).load_config()
    assert start_host().call("plugins.find")["result"] == []


def test_results_of_none_are_dropped_and_lists_may_hold_options(
    install_plugin: Any, start_host: Any
):
    install_plugin(
        "wild",
        HOOK + "@hookimpl\ndef tljh_extra_apt_packages(): pass\n"
        "@hookimpl\ndef tljh_extra_user_pip_packages():\n"
        "    return ['--extra-index-url=https://example.org', 'x[y]>=1.0.dev0']\n",
    )
    host = start_host()
    host.load("wild")
    assert host.hook("wild", "tljh_extra_apt_packages")["result"]["value"] is None
    value = host.hook("wild", "tljh_extra_user_pip_packages")["result"]["value"]
    assert value == ["--extra-index-url=https://example.org", "x[y]>=1.0.dev0"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["config['simplest'] = {'present': True}"], {"simplest": {"present": True}}),
        (
            [
                "environment = config.get('user_environment', {})",
                "environment['default_app'] = environment.get('default_app', 'jupyterlab')",
                "config['user_environment'] = environment",
            ],
            {"user_environment": {"default_app": "jupyterlab"}},
        ),
        (
            ["config.setdefault('users', {}).setdefault('admin', []).append('x')"],
            {"users": {"admin": ["teacher", "x"]}},
        ),
        (["config.update({'limits': {'memory': '1G'}})"], {"limits": {"memory": "1G"}}),
        (["set_config(config)"], {"auth": {"type": "dummy"}}),
        (["for key in list(config): del config[key]"], None),
    ],
)
def test_config_yaml_is_changed_in_whatever_way(
    install_plugin: Any, start_host: Any, lines: list[str], expected: Any
):
    body = "".join(f"    {line}\n" for line in lines)
    install_plugin(
        "wild",
        HOOK + "def set_config(config): config['auth'] = dict(type='dummy')\n"
        "@hookimpl\ndef tljh_config_post_install(config):\n" + body,
    )
    before = {"users": {"admin": ["teacher"]}}
    host = start_host()
    host.load("wild")
    answer = host.hook("wild", "tljh_config_post_install", config=before)
    after = answer["result"]["arguments"]["config"]
    assert after == ({} if expected is None else {**before, **expected})


# What plugins set on `c`


def test_plain_data_and_sections_of_classes_that_nobody_imported(hub: Any):
    app = hub(
        "c.JupyterHub.hub_ip = '0.0.0.0'",
        "c.JupyterHub.cleanup_servers = False",
        "c.DockerSpawner.volumes = {'/srv': {'bind': '/srv', 'mode': 'ro'}}",
        "c.DockerSpawner.remove = True",
    )
    assert (app.hub_ip, app.cleanup_servers) == ("0.0.0.0", False)
    assert app.config.DockerSpawner.remove is True


def test_classes_of_python(hub: Any):
    app = hub(
        "c.JupyterHub.spawner_class = WildSpawner",
        "c.JupyterHub.authenticator_class = PAMAuthenticator",
        "c.WildSpawner.base = '/srv'",
        before=(
            "from jupyterhub.auth import PAMAuthenticator\n"
            "from tljh.user_creating_spawner import UserCreatingSpawner\n"
            "from traitlets import Unicode\n"
            "class WildSpawner(UserCreatingSpawner):\n"
            "    base = Unicode('', config=True)\n"
        ),
    )
    assert app.spawner_class.__name__ == "WildSpawner"
    user = SimpleNamespace(name="alice", id=1, admin=False, url="/user/alice")
    orm = SimpleNamespace(name="", server=None)
    spawner = app.spawner_class(config=app.config, user=user, orm_spawner=orm)
    assert spawner.base == "/srv"
    assert app.authenticator_class.__name__ == "PAMAuthenticator"


def test_dotted_strings_and_short_names_of_classes(hub: Any):
    app = hub(
        "c.JupyterHub.spawner_class = 'jupyterhub.spawner.SimpleLocalProcessSpawner'",
        "c.JupyterHub.authenticator_class = 'dummy'",
    )
    assert app.spawner_class.__name__ == "SimpleLocalProcessSpawner"
    assert app.authenticator_class.__name__ == "DummyAuthenticator"


def test_functions_and_lambdas(hub: Any):
    app = hub(
        "c.Spawner.pre_spawn_hook = prepare('/srv')",
        "c.Spawner.options_form = lambda spawner: 'form of ' + spawner.user.name",
        before=(
            "def prepare(path):\n"
            "    def hook(spawner): return path + '/' + spawner.user.name\n"
            "    return hook\n"
        ),
    )
    spawner = SimpleNamespace(user=SimpleNamespace(name="alice"))
    assert app.config.Spawner.pre_spawn_hook(spawner) == "/srv/alice"
    assert app.config.Spawner.options_form(spawner) == "form of alice"


HANDLERS = (
    "from tornado.web import RequestHandler\n"
    "class Images(RequestHandler): pass\n"
    "class Static(RequestHandler): pass\n"
)


@pytest.mark.parametrize(
    "line",
    [
        "c.JupyterHub.extra_handlers = [(r'environments', Images), (r'static/(.*)', Static, {'path': '/x'})]",
        "c.JupyterHub.extra_handlers.extend([(r'environments', Images), (r'static/(.*)', Static, {'path': '/x'})])",
    ],
)
def test_handlers_with_and_without_arguments(hub: Any, line: str):
    first, second = hub(line, before=HANDLERS).extra_handlers
    assert (first[0], first[1].__name__) == ("environments", "Images")
    assert (second[1].__name__, second[2]) == ("Static", {"path": "/x"})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("c.JupyterHub.services.append({'name': 'x'})", ["tljhd", "x"]),
        (
            "c.JupyterHub.services.extend([{'name': 'x'}, {'name': 'y'}])",
            ["tljhd", "x", "y"],
        ),
        ("c.JupyterHub.services += [{'name': 'x'}]", ["tljhd", "x"]),
        ("c.JupyterHub.services.insert(0, {'name': 'x'})", ["x", "tljhd"]),
        ("c.JupyterHub.services = [{'name': 'x'}]", ["x", "tljhd"]),
        ("c.Wild.names = [s['name'] for s in c.JupyterHub.services]", ["tljhd"]),
    ],
)
def test_services_are_a_real_list_and_the_daemons_is_always_in_it(
    hub: Any, line: str, expected: list[str]
):
    assert sorted(services(hub(line))) == sorted(expected)


def test_paths_of_templates_come_in_front_of_jupyterhubs_own(hub: Any):
    app = hub("c.JupyterHub.template_paths.insert(0, '/wild')")
    assert app.template_paths[0] == "/wild" and len(app.template_paths) > 1


def test_settings_of_tornado_are_added_to(hub: Any):
    app = hub("c.JupyterHub.tornado_settings.update({'groups': {'a'}, 'n': 1})")
    assert (app.tornado_settings["groups"], app.tornado_settings["n"]) == ({"a"}, 1)


def test_roles_and_groups_are_lists_and_maps(hub: Any):
    app = hub(
        "c.JupyterHub.load_roles.append({'name': 'x', 'scopes': ['users']})",
        "c.JupyterHub.load_groups = {'teachers': ['alice']}",
    )
    assert app.load_roles == [{"name": "x", "scopes": ["users"]}]
    assert app.load_groups == {"teachers": ["alice"]}


def test_what_the_configuration_has_already_can_be_read_and_changed_in_place(hub: Any):
    admins = {
        "class": "Authenticator",
        "trait": "admin_users",
        "value": ["teacher"],
        "kind": "set",
    }
    app = hub(
        "c.Authenticator.admin_users.add('ta')",
        "c.Authenticator.admin_users |= {'other'}",
        "assert 'spawner_class' in c.JupyterHub",
        "assert c.JupyterHub.get('nothing', 5) == 5",
        assignments=[admins],
    )
    assert app.config.Authenticator.admin_users == {"teacher", "ta", "other"}


def test_whole_configurations_are_merged(hub: Any):
    app = hub(
        "c.merge(Config(JupyterHub=Config(hub_ip='0.0.0.0')))",
        "c.JupyterHub.update({'concurrent_spawn_limit': 5})",
        before="from traitlets.config import Config\n",
    )
    assert (app.hub_ip, app.concurrent_spawn_limit) == ("0.0.0.0", 5)
    assert services(app) == ["tljhd"]


def test_the_originals_own_steps_may_be_taken_once_more(configured: Any, prefix: Path):
    tool = prefix / "app" / "bin" / "tljh"
    tool.parent.mkdir(parents=True)
    one = {"class": "JupyterHub", "trait": "base_url", "value": "/x"}
    tool.write_text(f"#!{sys.executable}\nprint({json.dumps(json.dumps([one]))})\n")
    tool.chmod(0o755)
    c = configured(
        "from tljh import configurer\n"
        "from tljh.utils import get_plugin_manager\n"
        "@hookimpl(specname='tljh_custom_jupyterhub_config')\n"
        "def again(c):\n"
        "    configurer.apply_config(configurer.load_config(), c)\n"
        "    if not c.Wild.get('again'):\n"
        "        c.Wild.again = True\n"
        "        get_plugin_manager().hook.tljh_custom_jupyterhub_config(c=c)\n"
        "        c.Wild.twice = True\n"
    )
    assert (c.JupyterHub.base_url, c.Wild.twice) == ("/x", True)
