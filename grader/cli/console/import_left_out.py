"""The files of a folder that an import leaves out, each by its name, grouped by the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.base.printable import sanitize
from grader.cli.console.terminal import count_noun, paint, wrap
from grader.services.importing.files import LeftOut

_NAMED = 12
"""As many files of one reason are named, unless all are wanted."""


def format_left_out(left_out: Sequence[LeftOut], *, whole: bool = False) -> Iterator[str]:
    """Yield the files that are left out, below a heading; nothing without any."""
    if not left_out:
        return
    yield ""
    yield paint(f"Left out: {count_noun(len(left_out), 'file')}", "strong")
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.why, []).append(one.name)
    for why, names in by_reason.items():
        shown = names if whole else names[:_NAMED]
        more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
        yield wrap(f"{why}: {sanitize(', '.join(shown), 100_000)}{more}", "    ", "  ")
