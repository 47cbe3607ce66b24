"""What was measured, as a table to read and as JSON to keep."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.pairs import Ratio
from benchmarks.rows import Row

HEAD = ("what", "against", "reach", "aim", "measured (least to most)", "holds")
Found = tuple[Row, Ratio]


def holds(row: Row, ratio: Ratio) -> bool:
    """Whether the row reaches what it must."""
    return ratio.ratio <= row.reach


def lines(found: Sequence[Found]) -> list[str]:
    """The table, a Markdown one."""
    cells = [HEAD, tuple("---" for _ in HEAD), *(_cells(row, ratio) for row, ratio in found)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return [
        "| " + " | ".join(f"{cell:<{w}}" for cell, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]


def data(found: Sequence[Found]) -> dict[str, Any]:
    """The same with all numbers, and the machine."""
    return {
        "machine": {
            "system": platform.platform(),
            "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
            "python": platform.python_version(),
        },
        "rows": [
            {
                "name": row.name,
                "what": row.what,
                "against": row.against,
                "reach": row.reach,
                "aim": row.aim,
                **asdict(ratio),
                "holds": holds(row, ratio),
            }
            for row, ratio in found
        ],
    }


def _cells(row: Row, ratio: Ratio) -> tuple[str, ...]:
    measured = (
        f"{_part(ratio.ratio)} ({_part(ratio.low)} to {_part(ratio.high)}); "
        f"{_seconds(ratio.ours)} against {_seconds(ratio.theirs)}, {ratio.count} times"
    )
    aim = "" if row.aim is None else _part(row.aim)
    word = "no" if not holds(row, ratio) else "aim" if ratio.ratio <= (row.aim or 0) else "yes"
    return row.what, row.against, _part(row.reach), aim, measured, word


def _part(ratio: float) -> str:
    """A small ratio as ``1/15.2``, a large one as ``1.34``."""
    return f"1/{1 / ratio:.3g}" if ratio < 0.7 else f"{ratio:.3g}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
