import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from conftest import SOURCE
from tljh import _limits
from tljh._limits import Stopped, TookTooLong, call_within


def sleepy() -> None:
    time.sleep(60)


def test_work_that_is_done_in_time_gives_its_result_and_leaves_the_signals_alone():
    def mine(number: int, frame: Any) -> None:
        pass

    before = signal.signal(signal.SIGALRM, mine)
    stop = signal.getsignal(signal.SIGTERM)
    signal.setitimer(signal.ITIMER_REAL, 100, 7)
    try:
        assert call_within(5, lambda: "done") == "done"
        left, interval = signal.setitimer(signal.ITIMER_REAL, 0)
        assert (90 < left <= 100, interval) == (True, 7)
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getsignal(signal.SIGTERM) is stop
    finally:
        signal.signal(signal.SIGALRM, before)


def test_work_that_takes_too_long_is_interrupted_with_the_place_where_it_was():
    with pytest.raises(TookTooLong, match="still running after 0.05 seconds") as raised:
        call_within(0.05, sleepy)
    assert "in sleepy" in raised.value.trace


def test_work_that_catches_everything_is_interrupted_again(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(_limits, "AGAIN", 0.02)
    caught = []

    def stubborn() -> None:
        while len(caught) < 3:
            try:
                sleepy()
            except:  # noqa: E722
                caught.append(1)

    with pytest.raises(TookTooLong):
        call_within(0.02, stubborn)
    assert len(caught) == 3


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(3), GeneratorExit()])
def test_what_the_work_raises_is_passed_on(error: BaseException):
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        call_within(5, fail)
    assert raised.value is error


def test_being_told_to_end_ends_the_work():
    def told() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        sleepy()

    with pytest.raises(Stopped) as raised:
        call_within(30, told)
    assert raised.value.code == 143


def test_away_from_the_main_thread_the_work_is_just_done():
    results: list[str] = []
    thread = threading.Thread(
        target=lambda: results.append(call_within(5, lambda: "done"))
    )
    thread.start()
    thread.join()
    assert results == ["done"]


def test_code_that_cannot_be_interrupted_has_the_process_end_with_a_trace():
    code = (
        "import signal, time\n"
        "from tljh import _limits\n"
        "_limits.GRACE = 0.1\n"
        "def deaf():\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
        "    time.sleep(60)\n"
        "_limits.call_within(0.1, deaf)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert "in deaf" in ended.stderr
