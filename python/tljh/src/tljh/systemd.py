"""Units of systemd, for plugins that install a service."""

import os
import subprocess

UNITS = "/etc/systemd/system"


def reload_daemon() -> None:
    """Have systemd read its units again."""
    _systemctl("daemon-reload")


def install_unit(name: str, unit: str, path: str = UNITS) -> None:
    """Write a unit file."""
    with open(os.path.join(path, name), "w", encoding="utf-8") as file:
        file.write(unit)


def uninstall_unit(name: str, path: str = UNITS) -> None:
    """Remove a unit file. CalledProcessError if it is not there."""
    subprocess.run(["rm", "--", os.path.join(path, name)], check=True)


def start_service(name: str) -> None:
    _systemctl("start", name)


def stop_service(name: str) -> None:
    _systemctl("stop", name)


def restart_service(name: str) -> None:
    _systemctl("restart", name)


def enable_service(name: str) -> None:
    """Have a service start with the machine."""
    _systemctl("enable", name)


def disable_service(name: str) -> None:
    _systemctl("disable", name)


def check_service_active(name: str) -> bool:
    return _asked("is-active", name)


def check_service_enabled(name: str) -> bool:
    return _asked("is-enabled", name)


def _systemctl(*arguments: str) -> None:
    subprocess.run(["systemctl", *arguments], check=True)


def _asked(question: str, name: str) -> bool:
    process = subprocess.run(["systemctl", question, name], capture_output=True)
    return process.returncode == 0
