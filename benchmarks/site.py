"""``python -m benchmarks.site``: how quick and how heavy the site of a big workspace is."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.big import BIG, MIDDLE, lay
from benchmarks.clone import ROOT
from benchmarks.rendering import Took, commands, rendering
from benchmarks.serving import serving
from grader.pages import build
from grader.workspace import Workspace

SHOWN = 12
"""The heaviest pages that are named."""


def main() -> int:
    """Measure, print the table, write the JSON."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="gw-") as folder:
        own = lay(Path(folder).resolve() / "big", MIDDLE if asked.middle else BIG)
        took = []
        for part in (rendering, commands, serving):
            print(f"{part.__name__} ...", file=sys.stderr, flush=True)
            took += part(own, asked.times)
        heavy = weights(own)
    print(*_table(took), sep="\n")
    print(*(f"{weight / 1000:6.1f} kB  {page}" for page, weight in heavy[:SHOWN]), sep="\n")
    found = {"took": [asdict(one) for one in took], "heaviest": heavy[:SHOWN], "pages": len(heavy)}
    asked.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return 0


def weights(own: Workspace) -> list[tuple[str, int]]:
    """Each page of the built site and its bytes without pictures, the heaviest first."""
    site = build(own).parent
    found = [
        (path.relative_to(site).as_posix(), len(re.sub(rb'"data:[^"]*"', b"", path.read_bytes())))
        for path in site.rglob("*.html")
    ]
    return sorted(found, key=lambda page: -page[1])


def _table(took: list[Took]) -> list[str]:
    rows = [("what", "clock", "processor", "memory"), ("---", "---:", "---:", "---:")]
    for one in took:
        memory = f"{one.megabytes:.0f} MB" if one.megabytes else ""
        rows.append((one.what, f"{one.clock:.2f} s", f"{one.busy:.2f} s", memory))
    return [f"| {' | '.join(row)} |" for row in rows]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--middle", action="store_true", help="a smaller workspace")
    parser.add_argument("--times", type=int, default=3, help="how often each is measured")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results-site.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
