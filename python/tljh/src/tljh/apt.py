"""apt, for plugins that add a source or install something themselves."""

import hashlib
import os
import platform
from collections.abc import Iterable

from tljh import utils

SOURCES = "/etc/apt/sources.list.d"
KEYS = "/etc/apt/trusted.gpg.d"
LISTS = "/var/lib/apt/lists"


def trust_gpg_key(key: bytes) -> None:
    """Trust a public key, armoured or not, for apt's sources."""
    armoured = key.lstrip().startswith(b"-----BEGIN")
    name = "tljh-plugin-" + _digest(key) + (".asc" if armoured else ".gpg")
    path = os.path.join(KEYS, name)
    with open(path, "wb") as file:
        file.write(key)
    os.chmod(path, 0o644)


def add_source(name: str, source_url: str, section: str) -> None:
    """Add a source for this release, and fetch its lists, unless it is there."""
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    line = f"deb {source_url} {release} {section}\n"
    path = os.path.join(SOURCES, f"{name}.list")
    with open(path, "a+", encoding="utf-8") as file:
        file.seek(0)
        if line in file.read():
            return
        file.write(line)
    utils.run_subprocess(["apt-get", "update", "--yes"])


def install_packages(packages: Iterable[str]) -> None:
    """Install packages without asking questions."""
    if not os.listdir(LISTS):
        utils.run_subprocess(["apt-get", "update", "--yes"])
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    utils.run_subprocess(["apt-get", "install", "--yes", *packages], env=environment)


def _digest(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:12]
