"""The character set of a text that is not UTF-8, recognised by how ordinary its letters are.

``charset-normalizer`` says which character sets give a text without noise. Several often do: the
bytes of a Korean text are a Japanese one too. Of those that it leaves, the one with the most
ordinary letters is taken (``letters``). Where two are alike, nobody can know, and the text is
refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.learner.importer.files.letters import measure_letters

SETS = {
    "gb18030": "GBK",
    "big5": "Big5",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "Windows-1253",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
    "mac_roman": "Mac Roman",
}
"""What Python calls each character set, and what people call it."""

_WESTERN = {"cp1252", "cp1250", "cp1254"}
_SAMPLE = 60_000
"""Bytes that are looked at."""
_ENOUGH = 0.6
"""The least share of ordinary letters."""
_CLEAR = 0.05
"""How much more of them the best reading has than any other."""


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A text as one character set gives it."""

    name: str
    text: str
    share: float


def recognize_charset(data: bytes) -> str:
    """Return Python's name of the character set; empty where it cannot be known."""
    found = sorted(_list_decoded(data), key=lambda one: -one.share)
    if not found or found[0].share < _ENOUGH:
        return ""
    best = found[0]
    rivals = [one for one in found if one.text != best.text and one.share > best.share - _CLEAR]
    alike = {best.name, *(one.name for one in rivals)}
    if alike <= _WESTERN and "cp1252" in alike:  # by far the most frequent of them
        return "cp1252"
    return "" if rivals else best.name


def _list_decoded(data: bytes) -> list[_Decoded]:
    """Return the readings that fit all bytes, in the order of ``SETS``."""
    sample = _take_sample(data)
    found = []
    for name in sorted(_list_candidates(sample), key=list(SETS).index):
        try:
            text = sample.decode(name)
            data.decode(name)
        except UnicodeDecodeError:
            continue
        found.append(_Decoded(name, text, measure_letters(name, text)))
    return found


def _list_candidates(sample: bytes) -> set[str]:
    """Return the character sets that charset-normalizer finds little noise with."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=list(SETS), threshold=0.4)
    named = {name for match in matches for name in (match.encoding, *match.could_be_from_charset)}
    # Of short Western texts it keeps only some; they are told apart by their letters.
    western = _WESTERN if named & _WESTERN else set()
    return (named | western | ({"euc_jp"} if "cp949" in named else set())) & SETS.keys()


def _take_sample(data: bytes) -> bytes:
    """Return the first lines with letters beyond ASCII."""
    lines, size = [], 0
    for line in data.split(b"\n"):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(lines)
