"""Mojibake: UTF-8 that was decoded as another encoding, and is repaired here.

``ftfy`` detects it by how unlikely a text looks. A single tick looks as likely before as after,
so signs that went through Mac Roman are recognised here by their bytes. Code is never changed: a
lesson about encodings may show mojibake on purpose.
"""

from __future__ import annotations

import re
import unicodedata

_SIGN = re.compile("(\u201a[\u0080-\uffff]{2}|\uf8ff[\u0080-\uffff]{3})(\u00d4\u220f\u00e8)?")
"""A sign's first byte and its other bytes in Mac Roman, and perhaps a variation selector."""
_CODE = re.compile(r"(`+)(?:.*?[^`])\1(?!`)")
_FENCE = re.compile(r" {0,3}(?:[-*+]\s+|\d+[.)]\s+|>\s*)*(`{3,}|~{3,})")


def repair_mojibake(text: str) -> tuple[str, list[int]]:
    """Return the repaired text, and the numbers of the lines that were garbled."""
    lines = text.split("\n")
    changed, fence = [], ""
    for number, line in enumerate(lines):
        opens = _FENCE.match(line)
        if fence:
            fence = "" if opens and opens[1].startswith(fence) and _is_closing(line) else fence
        elif opens:
            fence = opens[1]
        elif not line.isascii() and (better := _repair_line(line)) != line:
            lines[number] = better
            changed.append(number + 1)
    return "\n".join(lines), changed


def _is_closing(line: str) -> bool:
    return not line.strip(" >`~")


def _repair_line(line: str) -> str:
    """Repair all of a line but its code spans."""
    parts, at = [], 0
    for code in _CODE.finditer(line):
        parts += [_repair_words(line[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, _repair_words(line[at:])])


def _repair_words(text: str) -> str:
    if text.isascii():
        return text
    import ftfy

    return ftfy.fix_encoding(_SIGN.sub(_repair_sign, text))


def _repair_sign(found: re.Match[str]) -> str:
    """Return the sign that these letters were, or the letters themselves if they were none."""
    try:
        sign = found[1].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return found[0]
    if len(sign) != 1 or unicodedata.category(sign) != "So":
        return found[0]
    return sign + ("\ufe0f" if found[2] else "")
