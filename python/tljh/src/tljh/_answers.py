"""Checks what hooks give back, as the program does (`src/plugins/contributions.ts`)."""

import re
from typing import Any

LIST_HOOKS = (
    "tljh_extra_apt_packages",
    "tljh_extra_hub_pip_packages",
    "tljh_extra_user_conda_packages",
    "tljh_extra_user_conda_channels",
    "tljh_extra_user_pip_packages",
)
TAKES_OPTIONS = ("tljh_extra_hub_pip_packages", "tljh_extra_user_pip_packages")
APT_PACKAGE = re.compile(
    r"[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?([=/][A-Za-z0-9.+:~-]+)?", re.ASCII
)
CONTROL = re.compile("[\x00-\x1f\x7f\u2028\u2029]")
LONGEST = 1000
STATUSES = ("ok", "warning", "error")


class PluginProblem(AssertionError):
    """What the program would report of a plugin; a test that meets one fails."""


def check_list(plugin: str, hook: str, answer: Any) -> list[str]:
    """The entries, each once; none for None. Raises PluginProblem."""
    if answer is None:
        return []
    place = f"Plugin {plugin} answered {hook} with"
    if not isinstance(answer, list):
        raise PluginProblem(f"{place} {answer!r}, which is not a list")
    if len(answer) > LONGEST:
        raise PluginProblem(f"{place} {len(answer)} entries; {LONGEST} are allowed")
    for entry in answer:
        if wrong := _wrong_entry(hook, entry):
            raise PluginProblem(f"{place} a list that holds {entry!r}, which {wrong}")
    return list(dict.fromkeys(answer))


def _wrong_entry(hook: str, entry: Any) -> str | None:
    if not isinstance(entry, str):
        return "is not a string"
    if not entry.strip():
        return "is empty"
    if entry != entry.strip():
        return "begins or ends with a blank"
    if CONTROL.search(entry):
        return "holds a line break or a control character"
    if len(entry) > LONGEST:
        return f"has more than {LONGEST} characters"
    if entry.startswith("-") and hook not in TAKES_OPTIONS:
        return "begins with a dash, as an option does"
    if hook == "tljh_extra_apt_packages" and not APT_PACKAGE.fullmatch(entry):
        return "is no name of a Debian package"
    if hook == "tljh_extra_user_conda_channels" and re.search(r"\s", entry):
        return "holds a blank"
    return None


def check_findings(plugin: str, answer: Any) -> list[dict[str, str]]:
    """The findings of `tljh_health_checks`; none for None. Raises PluginProblem."""
    findings = [] if answer is None else answer
    place = f"Plugin {plugin} answered tljh_health_checks with"
    if not isinstance(findings, list):
        raise PluginProblem(f"{place} {answer!r}, which is not a list")
    for finding in findings:
        if wrong := _wrong_finding(finding):
            raise PluginProblem(f"{place} {finding!r}, which {wrong}")
    return findings


def _wrong_finding(finding: Any) -> str | None:
    if not isinstance(finding, dict):
        return "is not a dict"
    for key in ("name", "message"):
        if not isinstance(finding.get(key), str) or not finding[key].strip():
            return f"has no {key}"
    if finding.get("status") not in STATUSES:
        return f"has a status that is none of {', '.join(STATUSES)}"
    if not isinstance(finding.get("remedy", ""), str):
        return "has a remedy that is not a string"
    return None


def check_checks(plugin: str, answer: Any) -> list[dict[str, Any]]:
    """
    The checks of `tljh_user_environment_checks`; none for None. Raises PluginProblem.
    """
    checks = [] if answer is None else answer
    place = f"Plugin {plugin} answered tljh_user_environment_checks with"
    if not isinstance(checks, list):
        raise PluginProblem(f"{place} {answer!r}, which is not a list")
    for check in checks:
        if wrong := _wrong_check(check):
            raise PluginProblem(f"{place} {check!r}, which {wrong}")
    return checks


def _wrong_check(check: Any) -> str | None:
    if not isinstance(check, dict):
        return "is not a dict"
    if not isinstance(check.get("name"), str) or not check["name"].strip():
        return "has no name"
    command = check.get("command")
    if not isinstance(command, list) or not command:
        return "has a command that is not a list"
    if not command[0] or not all(isinstance(word, str) for word in command):
        return "has a command that holds what is no word"
    return None
