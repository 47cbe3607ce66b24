"""Text that was garbled on the way: UTF-8 that somebody read as something else.

``ftfy`` tells by how odd a text looks. A tick that stands alone looks odd to nobody, so signs
that went through Mac Roman are told here by their bytes. Code is never touched, for a lesson
about encodings may show just that; nor is anything that is no such accident.
"""

from __future__ import annotations

import re
import unicodedata

_SIGN = re.compile("(\u201a[\u0080-\uffff]{2}|\uf8ff[\u0080-\uffff]{3})(\u00d4\u220f\u00e8)?")
"""How the first byte of a sign reads in Mac Roman, what follows, and perhaps a mark of style."""
_CODE = re.compile(r"(`+)(?:.*?[^`])\1(?!`)")
_FENCE = re.compile(r" {0,3}(?:[-*+]\s+|\d+[.)]\s+|>\s*)*(`{3,}|~{3,})")


def mended(text: str) -> tuple[str, list[int]]:
    """The text repaired, and the lines that were garbled."""
    lines = text.split("\n")
    changed, fence = [], ""
    for number, line in enumerate(lines):
        opens = _FENCE.match(line)
        if fence:
            fence = "" if opens and opens[1].startswith(fence) and _ends(line) else fence
        elif opens:
            fence = opens[1]
        elif not line.isascii() and (better := _line(line)) != line:
            lines[number] = better
            changed.append(number + 1)
    return "\n".join(lines), changed


def _ends(line: str) -> bool:
    return not line.strip(" >`~")


def _line(line: str) -> str:
    """The line with all but its code repaired."""
    parts, at = [], 0
    for code in _CODE.finditer(line):
        parts += [_words(line[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, _words(line[at:])])


def _words(text: str) -> str:
    if text.isascii():
        return text
    import ftfy

    return ftfy.fix_encoding(_SIGN.sub(_sign, text))


def _sign(found: re.Match[str]) -> str:
    """The sign that these letters were, or the letters when they were none."""
    try:
        sign = found[1].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return found[0]
    if len(sign) != 1 or unicodedata.category(sign) != "So":
        return found[0]
    return sign + ("\ufe0f" if found[2] else "")
