"""Standard output and error of the process that runs the learner's code."""

from __future__ import annotations

import sys


def flush_streams() -> None:
    """Write out what was printed, as far as the streams let us: they may be the learner's own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # a stream of the learner's may refuse
            continue
