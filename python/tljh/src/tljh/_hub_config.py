"""The steps that make JupyterHub's configuration, apart from the file it loads."""

import json
import os
from collections.abc import Callable
from glob import glob
from typing import Any

from traitlets.config.loader import LazyConfigValue
from traitlets.log import get_logger

from tljh import config
from tljh._assignments import AssignmentError, apply_assignments
from tljh._hub_plugins import HOOK, call_plugins
from tljh._plugins import describe
from tljh._reports import HubFailure, write_report

SERVICE = "tljhd"


class HubConfigError(Exception):
    """The hub cannot be configured; the message says what to do."""


def configure(c: Any, load_subconfig: Callable[[str], None]) -> None:
    """Fill `c`: our own values, config.yaml's, the plugins', the admin's snippets."""
    set_defaults(c)
    document = read_document()
    failures = Failures()
    apply_assignments(document["assignments"], c, failures.add_assignment)
    add_secrets(c)
    call_plugins(c, document, failures.add)
    failures.write()
    load_snippets(load_subconfig)
    keep_service(c, read_secret("tljhd.secret"))


def set_defaults(c: Any) -> None:
    """What every server of ours has, unless somebody says otherwise."""
    c.JupyterHub.spawner_class = "tljh.user_creating_spawner.UserCreatingSpawner"
    # User servers go on while the hub restarts.
    c.JupyterHub.cleanup_servers = False
    # A high port, so that a machine may have another JupyterHub besides.
    c.JupyterHub.hub_port = 15001
    c.JupyterHub.proxy_class = "jupyterhub.proxy.ConfigurableHTTPProxy"
    c.ConfigurableHTTPProxy.should_start = False
    c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8099"
    c.SystemdSpawner.extra_paths = [os.path.join(config.USER_ENV_PREFIX, "bin")]
    c.SystemdSpawner.default_shell = "/bin/bash"
    # What one user writes to /tmp is no other's; the original's documentation promises it.
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.unit_name_template = "jupyter-{USERNAME}"
    c.SystemdSpawner.username_template = "jupyter-{USERNAME}"


def read_document() -> dict[str, Any]:
    """What the program made of config.yaml and of its own plugins."""
    path = _state_file("jupyterhub-config.json")
    try:
        with open(path, encoding="utf-8") as file:
            document: dict[str, Any] = json.load(file)
        if document["version"] == 1:
            return document
        cause = f"its version is {document['version']}, not 1"
    except OSError as error:
        cause = str(error.strerror)
    except (ValueError, KeyError, TypeError) as error:
        cause = describe(error)
    raise HubConfigError(
        f"The hub's configuration {path} cannot be used: {cause}. "
        "Run `sudo tljh-config reload hub`, which writes it anew."
    )


def add_secrets(c: Any) -> None:
    """Tokens stand in files of their own, never in the document."""
    c.ConfigurableHTTPProxy.auth_token = read_secret("proxy.secret")
    keep_service(c, read_secret("tljhd.secret"))


def keep_service(c: Any, token: str) -> None:
    """Have the daemon's service among the services, exactly once, with its token."""
    service = {"name": SERVICE, "admin": True, "api_token": token}
    services = c.JupyterHub.services
    if isinstance(services, LazyConfigValue):
        # Nobody has assigned a list; only appended to JupyterHub's own empty one.
        services = services.get_value([])
    c.JupyterHub.services = [
        *(other for other in services if other.get("name") != SERVICE),
        service,
    ]


def read_secret(name: str) -> str:
    path = _state_file(name)
    try:
        with open(path, encoding="utf-8") as file:
            secret = file.read().strip()
    except OSError as error:
        raise HubConfigError(
            f"The token in {path} cannot be read: {error.strerror}. "
            "Run `sudo tljh apply`, which makes it."
        ) from error
    if not secret:
        raise HubConfigError(
            f"The token in {path} is empty. "
            "Remove that file and run `sudo tljh apply`, which makes a new one."
        )
    return secret


class Failures:
    """What of the plugins failed at this start; said in the log, kept for the report."""

    def __init__(self) -> None:
        self.found: list[HubFailure] = []

    def add(self, failure: HubFailure) -> None:
        self.found.append(failure)
        get_logger().error(
            "%s. The hub starts without it. %s%s",
            failure.message,
            failure.remedy,
            failure.trace and "\n" + failure.trace,
        )

    def add_assignment(self, error: AssignmentError) -> None:
        name, setting, cause = error.plugin, error.setting, error.cause
        self.add(
            HubFailure(
                "PLUGIN_HUB_SETTING_REFUSED",
                f"{setting} of plugin {name!r} cannot be set: {cause}",
                f"Mend the plugin, or do without it: sudo tljh plugin disable {name}",
                plugin=name,
                hook=HOOK,
            )
        )

    def write(self) -> None:
        """Leave the report, which is empty when all is well."""
        try:
            write_report(self.found)
        except OSError as error:
            get_logger().warning("The report of failed plugins is missing: %s", error)


def load_snippets(load_subconfig: Callable[[str], None]) -> None:
    """Load jupyterhub_config.d in the order of the names: the admin's last word."""
    pattern = os.path.join(config.CONFIG_DIR, "jupyterhub_config.d", "*.py")
    for path in sorted(glob(pattern)):
        try:
            load_subconfig(path)
        except Exception as error:
            get_logger().critical(
                "%s stops the hub: %s. Correct that file or move it away.",
                path,
                describe(error),
            )
            raise


def _state_file(name: str) -> str:
    """A file of the state directory, or its copy for a hub that may not read there."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and os.path.exists(os.path.join(credentials, name)):
        return os.path.join(credentials, name)
    return os.path.join(config.STATE_DIR, name)
