"""The report of what failed at a start of the hub, for `tljh status`."""

import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

from tljh import config

LONGEST_MESSAGE = 4000


class HubFailure:
    """Why a plugin takes no part, or only in part; `hook` is None if it was not loaded."""

    def __init__(
        self,
        code: str,
        message: str,
        remedy: str,
        *,
        plugin: str,
        hook: str | None,
        at: str = "",
        trace: str = "",
    ) -> None:
        self.code = code
        self.message = message
        self.remedy = remedy
        self.plugin = plugin
        self.hook = hook
        self.at = at or now()
        self.trace = trace

    def reported(self) -> dict[str, Any]:
        message = self.message
        if len(message) > LONGEST_MESSAGE:
            message = message[:LONGEST_MESSAGE] + "…"
        return {
            "plugin": self.plugin,
            "hook": self.hook,
            "code": self.code,
            "message": message,
            "remedy": self.remedy,
            "at": self.at,
        }


def now() -> str:
    """ISO 8601, UTC, as the program writes it."""
    moment = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def write_report(failures: Sequence[HubFailure]) -> None:
    """Replace `state/plugin-reports/hub.json`, readable by its owner alone."""
    folder = os.path.join(config.STATE_DIR, "plugin-reports")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    report = {"version": 1, "failures": [each.reported() for each in failures]}
    write_whole(os.path.join(folder, "hub.json"), json.dumps(report, indent=2) + "\n")


def write_whole(path: str, text: str) -> None:
    """Write a file so that whoever reads it finds the old or the new one, whole."""
    descriptor, temporary = tempfile.mkstemp(
        dir=os.path.dirname(path), prefix=f".{os.path.basename(path)}."
    )
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
