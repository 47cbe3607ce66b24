"""The two sides of a file in which git left conflict markers."""

from __future__ import annotations

_OURS, _THEIRS = frozenset({"ours"}), frozenset({"theirs"})
_MARKS = {
    b"<<<<<<<": _OURS,
    b"|||||||": frozenset[str](),
    b"=======": _THEIRS,
    b">>>>>>>": _OURS | _THEIRS,
}


def sides(raw: bytes) -> tuple[bytes, bytes] | None:
    """What each side of the merge had, or None where there is no conflict."""
    text: dict[str, list[bytes]] = {"ours": [], "theirs": []}
    where, seen = _OURS | _THEIRS, False
    for line in raw.splitlines(keepends=True):
        if line[:7] in _MARKS:
            where, seen = _MARKS[line[:7]], True
            continue
        for side in where:
            text[side].append(line)
    return (b"".join(text["ours"]), b"".join(text["theirs"])) if seen else None
