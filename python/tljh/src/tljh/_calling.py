"""
Knows, over starts of the hub, the plugins that ended it without a word.

Before a plugin is called that is noted in a file. If the next start finds the note, the
hub ended during that call: by os._exit, a crash, or a hang that nothing interrupted.
"""

import importlib.util
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import EntryPoint
from typing import Any

from traitlets.log import get_logger

from tljh._reports import now, write_whole

CODE = (".py", ".so")
MOST_FILES = 1000


class Calling:
    """The notes in one file, which is gone while there is nothing to note."""

    def __init__(self, path: str) -> None:
        self._path = path
        notes = _read(path)
        self._ended: dict[str, Any] = notes.get("ended") or {}
        note = notes.get("calling")
        if note and _is_guilty(note):
            self._ended[note["plugin"]] = note

    def ended_by(self, name: str, fingerprint: str) -> dict[str, Any] | None:
        """The note of a plugin that ended the hub, unless it has changed since then."""
        note: dict[str, Any] | None = self._ended.get(name)
        if note and note.get("fingerprint") != fingerprint:
            del self._ended[name]
            return None
        return note

    def begin(self, name: str, hook: str | None, fingerprint: str) -> None:
        """Note what is called next."""
        note = {"plugin": name, "hook": hook, "fingerprint": fingerprint, "at": now()}
        self._write({**note, "pid": os.getpid(), "boot": _boot()})

    @contextmanager
    def watching(self, names: list[str]) -> Iterator[None]:
        """Forget whoever is not among the names; take the last note away at the end."""
        self._ended = {name: one for name, one in self._ended.items() if name in names}
        try:
            yield
        finally:
            self._write(None)

    def _write(self, calling: dict[str, Any] | None) -> None:
        try:
            if calling or self._ended:
                notes = {"version": 1, "calling": calling, "ended": self._ended}
                write_whole(self._path, json.dumps(notes))
            else:
                with suppress(FileNotFoundError):
                    os.unlink(self._path)
        except OSError as error:
            # A hub that may not write there starts all the same.
            get_logger().warning("Plugins are called without a note: %s", error)


def fingerprint_of(point: EntryPoint) -> str:
    """Changes with a plugin's version and with its files; imports nothing of it."""
    times = sorted(_times(point.module.partition(".")[0]))
    version = point.dist.version if point.dist else ""
    return f"{version} {len(times)} {times[-1] if times else 0}"


def _times(package: str) -> Iterator[int]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, AttributeError, ValueError):
        return
    folders = list(spec.submodule_search_locations or []) if spec else []
    if spec and spec.origin and not folders:
        yield from _time(spec.origin)
    left = MOST_FILES
    for folder in folders:
        for path, _, files in os.walk(folder):
            for name in filter(lambda name: name.endswith(CODE), files[:left]):
                yield from _time(os.path.join(path, name))
            left -= len(files)
            if left <= 0:
                return


def _time(path: str) -> Iterator[int]:
    with suppress(OSError):
        yield os.stat(path).st_mtime_ns


def _read(path: str) -> dict[str, Any]:
    """The notes; none where there is no file, or one that makes no sense."""
    try:
        with open(path, encoding="utf-8") as file:
            notes = json.load(file)
        calling, ended = notes["calling"], notes["ended"]
        for note in [*ended.values(), *([calling] if calling else [])]:
            note["plugin"], note["hook"], note["fingerprint"], note["at"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {"calling": calling, "ended": ended}


def _is_guilty(note: dict[str, Any]) -> bool:
    """Neither was the machine restarted, nor is the hub that wrote it still at work."""
    if note.get("boot") != _boot():
        return False
    pid = note.get("pid")
    if not isinstance(pid, int) or pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


def _boot() -> str:
    """Tells one run of the machine from the next."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""
