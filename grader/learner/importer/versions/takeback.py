"""Take an import's pieces out of a file that was edited since, and leave all that is edited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.learner.importer.versions.kinship import KinIndex

_HEADING = re.compile(r" {0,3}(#{1,6})\s|(?:\*\*|__).+(?:\*\*|__):?$|.{1,60}:$")
_ROW = re.compile(r"\s*\|")
_DEFINITION = re.compile(r" {0,3}\[([^\]\n]+)\]:")


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a file."""

    text: str | None
    """None where nothing is left that was not the import's."""
    kept: tuple[int, ...] = ()
    """The pieces that were edited, and stay."""


def take_back(before: str | None, after: str, current: str, pieces: Sequence[str]) -> Remainder:
    """Return the current text without the pieces that are as the import wrote them.

    ``before`` and ``after`` are the text around the import. Headings, heads of tables and
    definitions that came with the pieces go too where nothing of theirs is left.
    """
    lines = [line.rstrip("\r") for line in current.split("\n")]
    gone: set[int] = set()
    bare = [line.rstrip() for line in lines]
    first = [line.rstrip() for line in (before or "").split("\n")]
    lost = [n for n, piece in enumerate(pieces) if not _remove(piece, bare, first, gone)]
    rest = KinIndex(line for n, line in enumerate(lines) if n not in gone)
    kept = tuple(n for n in lost if rest.has_kin(pieces[n]))
    frames = _count_frames(before or "", after, pieces)
    _remove_frames(lines, gone, frames)
    left = _join(lines, gone)
    if not left.strip() or (before is None and _is_frame_only(left, after, pieces)):
        return Remainder(before, kept)
    if before is not None and left.rstrip("\n") == before.replace("\r\n", "\n").rstrip("\n"):
        return Remainder(before, kept)
    ends = "\r\n" if "\r\n" in current else "\n"
    return Remainder(left.replace("\n", ends), kept)


def _remove(piece: str, lines: Sequence[str], first: Sequence[str], gone: set[int]) -> bool:
    """Add to ``gone`` the lines where the piece stands; return False where it does not.

    Equal lines that stood there before the import, in ``first``, are left alone.
    """
    spans = [span for span in _find(piece, lines) if gone.isdisjoint(span)]
    old = sum(1 for _ in _find(piece, first))
    if len(spans) <= old:
        return False
    gone.update(spans[old])
    return True


def _find(piece: str, lines: Sequence[str]) -> Iterator[range]:
    """Yield the numbers of the lines wherever the piece stands."""
    wanted = [line.rstrip() for line in piece.strip("\n").split("\n")]
    for start in range(len(lines) - len(wanted) + 1):
        if lines[start] == wanted[0] and lines[start : start + len(wanted)] == wanted:
            yield range(start, start + len(wanted))


def _count_frames(before: str, after: str, pieces: Sequence[str]) -> Counter[str]:
    """Return the lines that the import wrote around its pieces."""
    frames = Counter(_list_lines(after))
    frames -= Counter(_list_lines(before))
    return frames - Counter(line for piece in pieces for line in _list_lines(piece))


def _list_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _remove_frames(lines: Sequence[str], gone: set[int], frames: Counter[str]) -> None:
    """Add the frames that have nothing below them any more, from the last line to the first."""
    used = "\n".join(line for n, line in enumerate(lines) if n not in gone)
    below = ""
    for n in range(len(lines) - 1, -1, -1):
        line = lines[n].strip()
        if n in gone or not line:
            continue
        if frames[line] and _is_empty(line, below, used):
            frames[line] -= 1
            gone.add(n)
        else:
            below = lines[n]


def _is_empty(line: str, below: str, used: str) -> bool:
    """Return True if a line is a heading, a table's head or a definition of nothing."""
    if definition := _DEFINITION.match(line):
        return used.casefold().count(f"[{definition[1].casefold()}]") <= 1
    if _ROW.match(line):
        return not _ROW.match(below)
    if heading := _HEADING.match(line):
        next_one = _HEADING.match(below)
        deeper = next_one and heading[1] and len(next_one[1] or "#######") > len(heading[1])
        return not below or bool(next_one and not deeper)
    return False


def _join(lines: Sequence[str], gone: set[int]) -> str:
    """Return the other lines; where one is gone, no two blank lines follow each other."""
    left: list[str] = []
    after_gap = False
    for n, line in enumerate(lines):
        if n in gone:
            after_gap = True
        elif line.strip() or not (after_gap and (not left or not left[-1].strip())):
            left.append(line)
            after_gap = after_gap and not line.strip()
    return "\n".join(left).rstrip("\n") + "\n"


def _is_frame_only(left: str, after: str, pieces: Sequence[str]) -> bool:
    """Return True if nothing is left but lines that the import wrote around its pieces."""
    return not Counter(_list_lines(left)) - _count_frames("", after, pieces)
