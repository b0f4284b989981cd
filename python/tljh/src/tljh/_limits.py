"""Runs what others wrote within a time, inside a process that must live on."""

import faulthandler
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")

# Seconds between two attempts to interrupt code that catches everything.
AGAIN = 1.0
# Seconds after which the process is ended, when native code lets nothing interrupt it.
GRACE = 30.0


class TookTooLong(Exception):
    """Work was interrupted; `trace` shows where it was."""

    def __init__(self, seconds: float, trace: str) -> None:
        super().__init__(f"it was still running after {seconds:g} seconds")
        self.trace = trace


class Stopped(SystemExit):
    """The process was told to end while the work was running."""


class _Interrupted(BaseException):
    """Thrown into the work. No Exception, lest the work take it for one of its own."""


class _Watch:
    """What the signals told while the work was running."""

    def __init__(self) -> None:
        self.running = True
        self.late: str | None = None
        self.stopped = False

    def alarm(self, number: int, frame: FrameType | None) -> None:
        if self.running:
            self.late = self.late or _place(frame)
            raise _Interrupted

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped = True
        if self.running:
            raise _Interrupted


def _place(frame: FrameType | None) -> str:
    """The stack of the work, without what called it."""
    frames = []
    while frame is not None and frame.f_code is not call_within.__code__:
        frames.append((frame, frame.f_lineno))
        frame = frame.f_back
    return "".join(traceback.StackSummary.extract(reversed(frames)).format())


def call_within(seconds: float, work: Callable[[], Result]) -> Result:
    """
    Do the work; raise TookTooLong when it is not done in time, whatever it catches.

    A SIGTERM meanwhile becomes Stopped, so that callers can tidy up. Code
    that cannot be interrupted at all has the whole process end GRACE seconds later. Away
    from the main thread, where no signal arrives, the work is just done.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    watch = _Watch()
    results: list[Result] = []
    with _signals(watch, seconds):
        try:
            try:
                results.append(work())
            finally:
                watch.running = False
        except _Interrupted:
            watch.running = False
    if watch.stopped:
        raise Stopped(128 + signal.SIGTERM)
    if watch.late is not None:
        raise TookTooLong(seconds, watch.late)
    return results[0]


@contextmanager
def _signals(watch: _Watch, seconds: float) -> Iterator[None]:
    """Have the signals while the work runs, and leave them as they were."""
    before: dict[int, Any] = {
        signal.SIGALRM: signal.signal(signal.SIGALRM, watch.alarm),
        signal.SIGTERM: signal.signal(signal.SIGTERM, watch.stop),
    }
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    _last_resort(seconds + GRACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        faulthandler.cancel_dump_traceback_later()
        for number, handler in before.items():
            # None stands for a handler that was not set from Python.
            if handler is not None:
                signal.signal(number, handler)


def _last_resort(seconds: float) -> None:
    # Without a standard error there is nowhere to say it, and it is not done.
    with suppress(AttributeError, OSError, RuntimeError, ValueError):
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)
