"""conda and pip in an environment, for plugins that install something themselves."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable

from tljh import utils


def sha256_file(fname: str) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with open(fname, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def get_conda_package_versions(prefix: str) -> dict[str, str]:
    """Names and versions of what is installed; empty where conda is missing."""
    command = [os.path.join(prefix, "bin", "conda"), "list", "--json"]
    try:
        packages = json.loads(subprocess.check_output(command, text=True))
    except (subprocess.CalledProcessError, FileNotFoundError):
        return {}
    return {package["name"]: package["version"] for package in packages}


def fix_permissions(prefix: str) -> None:
    """Have everything owned by who runs this, and nothing writable by everybody."""
    owner = f"{os.getuid()}:{os.getgid()}"
    utils.run_subprocess(["chown", "-R", owner, prefix])
    utils.run_subprocess(["chmod", "-R", "o-w", prefix])


def ensure_conda_packages(
    prefix: str,
    packages: Iterable[str],
    channels: Iterable[str] = ("conda-forge",),
    force_reinstall: bool = False,
) -> None:
    """Install conda packages with mamba, or with conda where that is missing."""
    packages = _listed(packages)
    command = [_conda(prefix), "install", "--yes"]
    if force_reinstall:
        command.append("--force-reinstall")
    for channel in channels:
        command += ["-c", channel]
    command += ["--prefix", os.path.abspath(prefix), *packages]
    utils.run_subprocess(command, stdin=subprocess.DEVNULL)
    fix_permissions(prefix)


def ensure_pip_packages(
    prefix: str, packages: Iterable[str], upgrade: bool = False
) -> None:
    """Install packages with the environment's own pip."""
    packages = _listed(packages)
    utils.run_subprocess([*_pip_install(prefix, upgrade), *packages])
    fix_permissions(prefix)


def ensure_pip_requirements(
    prefix: str, requirements_path: str, upgrade: bool = False
) -> None:
    """Install what a requirements file, or its URL, lists."""
    command = [*_pip_install(prefix, upgrade), "--requirement", requirements_path]
    utils.run_subprocess(command)
    fix_permissions(prefix)


def _conda(prefix: str) -> str:
    mamba = os.path.join(prefix, "bin", "mamba")
    return mamba if os.path.isfile(mamba) else os.path.join(prefix, "bin", "conda")


def _pip_install(prefix: str, upgrade: bool) -> list[str]:
    python = os.path.join(os.path.abspath(prefix), "bin", "python")
    return [python, "-m", "pip", "install", *(["--upgrade"] if upgrade else [])]


def _listed(packages: Iterable[str]) -> list[str]:
    """A list; one name instead of a list would be taken for a package a letter."""
    if isinstance(packages, str):
        raise TypeError(f"packages is the text {packages!r}, not a list")
    return list(packages)
