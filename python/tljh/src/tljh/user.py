"""Unix accounts and groups, for plugins that run as root."""

import grp
import os
import pwd
import subprocess

from tljh import _daemon
from tljh.utils import get_plugin_manager


def ensure_user(username: str) -> None:
    """
    Make a Unix account unless it exists.

    The daemon makes it, which tells all plugins. Where it does not run, and inside a
    hook, which the daemon is waiting for, it is made here and the Python plugins told.
    """
    if _exists(username):
        return
    if "TLJH_PLUGIN_HOST" not in os.environ and os.path.exists(_daemon.socket_path()):
        params = {
            "username": username,
            "account": username,
            "admin": False,
            "groups": [],
            "patience": 60,
        }
        try:
            _daemon.call_sync("accounts.ensure", params, timeout=90)
            return
        except _daemon.DaemonUnavailable:
            pass
    _make_account(username)
    get_plugin_manager().hook.tljh_new_user_create(username=username)


def remove_user(username: str) -> None:
    """Remove a Unix account, if there is one. Its home stays."""
    if _exists(username):
        subprocess.check_call(["deluser", "--quiet", username])


def ensure_group(groupname: str) -> None:
    """Make a group unless it exists."""
    subprocess.check_call(["groupadd", "--force", groupname])


def remove_group(groupname: str) -> None:
    """Remove a group, if there is one."""
    try:
        grp.getgrnam(groupname)
    except KeyError:
        return
    subprocess.check_call(["delgroup", "--quiet", groupname])


def ensure_user_group(username: str, groupname: str) -> None:
    """Have an account in a group; both exist already."""
    if username not in grp.getgrnam(groupname).gr_mem:
        subprocess.check_call(["gpasswd", "--add", username, groupname])


def remove_user_group(username: str, groupname: str) -> None:
    """Have an account not in a group, which exists."""
    if username in grp.getgrnam(groupname).gr_mem:
        subprocess.check_call(["gpasswd", "--delete", username, groupname])


def _exists(username: str) -> bool:
    try:
        pwd.getpwnam(username)
    except KeyError:
        return False
    return True


def _make_account(username: str) -> None:
    subprocess.check_call(
        ["useradd", "--create-home", "--shell", "/bin/bash", username]
    )
    home = pwd.getpwnam(username).pw_dir
    subprocess.check_call(["chmod", "o-rwx", home])
