"""The answer to a question received before its deadline, and the notices that come before it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from grader.grading.judge.time_limit import (
    TimeLimit,
    is_answered_at_once,
    wait_until_readable,
)
from grader.grading.protocol.frames import receive
from grader.grading.protocol.notices import Notice, is_notice, open_notice


def receive_answer(
    channel: socket.socket,
    make_limits: Callable[[], Sequence[TimeLimit]],
    hear: Callable[[Notice], None] = lambda notice: None,
) -> bytes:
    """Return the frame of an answer; ``hear`` is given each notice that comes before it.

    The limits are made when the answer does not come at once, and no notice extends them.
    """
    limits = None if is_answered_at_once(channel) else make_limits()
    while True:
        if limits is not None:
            wait_until_readable(channel, *limits)
        frame = receive(channel)
        if not is_notice(frame):
            return frame
        hear(open_notice(frame))
        limits = limits or make_limits()
