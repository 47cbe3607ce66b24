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
from grader.base.paths import Workspace
from grader.site import build

HEAD = ("| what | clock | processor | memory |", "| --- | ---: | ---: | ---: |")
SHOWN = 12
"""The heaviest pages that are named."""


def main() -> int:
    """Measure, print the table, write the JSON."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="gw-") as folder:
        own = lay(Path(folder).resolve() / "big", MIDDLE if asked.middle else BIG)
        took = []
        print(*HEAD, sep="\n", flush=True)
        for part in (rendering, commands, serving):
            found = part(own, asked.times)
            print(*map(_row, found), sep="\n", flush=True)
            took += found
        heavy = weights(own)
    print(*(f"{weight / 1000:6.1f} kB  {page}" for page, weight in heavy[:SHOWN]), sep="\n")
    said = {"took": [asdict(one) for one in took], "heaviest": heavy[:SHOWN], "pages": len(heavy)}
    asked.json.write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    return 0


def weights(own: Workspace) -> list[tuple[str, int]]:
    """Each page of the built site and its bytes without pictures, the heaviest first."""
    site = build(own).parent
    found = [
        (path.relative_to(site).as_posix(), len(re.sub(rb'"data:[^"]*"', b"", path.read_bytes())))
        for path in site.rglob("*.html")
    ]
    return sorted(found, key=lambda page: -page[1])


def _row(one: Took) -> str:
    memory = f"{one.megabytes:.0f} MB" if one.megabytes else ""
    return f"| {one.what} | {one.clock:.2f} s | {one.busy:.2f} s | {memory} |"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--middle", action="store_true", help="a smaller workspace")
    parser.add_argument("--times", type=int, default=3, help="how often each is measured")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results-site.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
