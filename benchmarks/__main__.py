"""``python -m benchmarks``: measure, print the table, write the JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from benchmarks import table
from benchmarks.breakdown import breakdown, picture
from benchmarks.clone import ROOT, Broken, clone
from benchmarks.rows import ROWS

EFFORT, QUICK = 10, 3


def main() -> int:
    """Measure what was asked for; exit code 1 when something broke, or missed its reach."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the clone is removed
    if asked.picture:
        return _draw(asked.picture, QUICK if asked.quick else EFFORT)
    chosen = [row for row in ROWS if not asked.rows or row.name in asked.rows]
    found: list[table.Found] = []
    with clone() as workspace:
        for row in chosen:
            print(f"{row.name}: {row.what}", file=sys.stderr, flush=True)
            try:
                found.append((row, row.measure(workspace, QUICK if asked.quick else EFFORT)))
            except Broken as broken:
                print(broken, file=sys.stderr)
    print(*table.lines(found), sep="\n")
    asked.json.write_text(json.dumps(table.data(found), indent=2) + "\n", "utf-8")
    missed = asked.reach and not all(table.holds(row, ratio) for row, ratio in found)
    return 1 if missed or len(found) < len(chosen) else 0


def _draw(path: Path, effort: int) -> int:
    """Measure the parts of one grading, say them, and draw them."""
    with clone() as workspace:
        parts, floor = breakdown(workspace, 2 * effort)
    for part in (*parts, *floor):
        print(f"{1000 * part.seconds:6.1f} ms  {part.name}")
    path.write_text(picture(parts, floor), "utf-8")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [row.name for row in ROWS]
    parser.add_argument("rows", nargs="*", choices=[*names, []], help=f"of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="fewer times")
    parser.add_argument("--reach", action="store_true", help="fail when a reach is missed")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results.json")
    parser.add_argument("--picture", type=Path, help="only draw where the time goes, as SVG")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
