"""Put one version of a piece in the place of another, in a text that somebody may have edited."""

from __future__ import annotations

import re


def replace_piece(whole: str, old: str, new: str) -> str | None:
    """Return the text with the new version in the old one's place; None where that is not there.

    Lines are compared without the spaces at their ends, and keep the line ends of the text.
    """
    end = "\r\n" if "\r\n" in whole else "\n"
    lines = whole.split(end)
    wanted = [line.rstrip() for line in old.split("\n")]
    for start in range(len(lines) - len(wanted) + 1):
        if [line.rstrip() for line in lines[start : start + len(wanted)]] == wanted:
            lines[start : start + len(wanted)] = new.split("\n")
            return end.join(lines)
    return None


def keep_number(new: str, old: str) -> str:
    """Return an item of a numbered list with the number that its older version has."""
    before = re.match(r"\s*\d+(?=[.)]\s)", old)
    return re.sub(r"^\s*\d+(?=[.)]\s)", before[0], new) if before else new
