import type { PluginNames } from "./names.ts";
import { type Files, license, readme } from "./shared.ts";

/** A new plugin in Python. */
export function pythonFiles(names: PluginNames, options: { readonly year: number }): Files {
  return {
    [`${names.module}.py`]: plugin(names),
    [`test_${names.module}.py`]: test(names),
    "pyproject.toml": manifest(names),
    "README.md": readme(names, {
      files: [
        [`${names.module}.py`, "the plugin: each function marked as a hook is called by its name"],
        [`test_${names.module}.py`, "its tests, for pytest or for unittest"],
        ["pyproject.toml", "the manifest; the entry point in the group `tljh` names the module"],
      ],
      publishing: `To publish it:
\`python -m build && twine upload dist/*\`; others then install it with \`--plugin ${names.package}\`,
or straight from a git repository with \`--plugin git+https://…\`.`,
    }),
    LICENSE: license(names, options.year),
    ".gitignore": "__pycache__/\n.pytest_cache/\n*.egg-info/\nbuild/\ndist/\n",
  };
}

function plugin({ package: name, plugin }: PluginNames): string {
  return `"""
${name}: a plugin of The Littlest JupyterHub.

Keep the hooks that are of use, and delete the others.
"""

from tljh.hooks import hookimpl


@hookimpl
def tljh_extra_user_conda_packages():
    """Conda packages that all users' notebooks can import."""
    return ["tqdm"]


@hookimpl
def tljh_config_post_install(config):
    """What config.yaml gets, unless the administrator has set it."""
    config.setdefault("user_environment", {}).setdefault("default_app", "jupyterlab")


@hookimpl
def tljh_custom_jupyterhub_config(c):
    """JupyterHub's own settings; here a variable in each user's server."""
    c.Spawner.environment.update({"COURSE": "${plugin}"})


@hookimpl
def tljh_new_user_create(username):
    """Called once for each new user, as root, with the Unix account: jupyter-alice."""
    print(f"${name}: welcome, {username}")


@hookimpl
def tljh_health_checks():
    """What \`tljh doctor\` tells the administrator. It only looks."""
    return [{"name": "${plugin}", "status": "ok", "message": "${name} is loaded"}]
`;
}

function test({ module, plugin }: PluginNames): string {
  const name = plugin.split("-").map(capitalised).join("");
  return `import unittest

import ${module}
from tljh.testing import load_plugin


class ${/^\d/.test(name) ? `Tljh${name}` : name}Test(unittest.TestCase):
    def setUp(self):
        self.plugin = load_plugin(${module})

    def test_asks_for_conda_packages(self):
        packages = self.plugin.call("tljh_extra_user_conda_packages")
        self.assertEqual(packages, ["tqdm"])

    def test_sets_the_default_application_unless_the_administrator_has(self):
        hook = "tljh_config_post_install"
        expected = {"user_environment": {"default_app": "jupyterlab"}}
        self.assertEqual(self.plugin.call(hook, config={}), expected)
        config = {"user_environment": {"default_app": "classic"}}
        self.assertEqual(self.plugin.call(hook, config=config), config)

    def test_gives_each_server_a_variable(self):
        c = self.plugin.call("tljh_custom_jupyterhub_config")
        environment = {"COURSE": "${plugin}"}
        self.assertEqual(c, {"Spawner": {"environment": environment}})

    def test_welcomes_new_users(self):
        self.plugin.call("tljh_new_user_create", username="jupyter-alice")

    def test_finds_itself_well(self):
        [finding] = self.plugin.call("tljh_health_checks")
        self.assertEqual(finding["status"], "ok")


if __name__ == "__main__":
    unittest.main()
`;
}

const capitalised = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

function manifest({ package: name, plugin, module }: PluginNames): string {
  return `[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[project]
name = "${name}"
version = "0.1.0"
description = "${name}, a plugin of The Littlest JupyterHub"
readme = "README.md"
requires-python = ">=3.11"
license = { text = "BSD-3-Clause" }
keywords = ["jupyterhub", "tljh", "tljh-plugin"]

[project.entry-points.tljh]
${plugin} = "${module}"

[tool.setuptools]
py-modules = ["${module}"]
`;
}
