"""The encoding of a journal: which one it is, and its bytes decoded as text."""

from __future__ import annotations

import codecs
import re
import unicodedata

from grader.learner.importer.files.charset import SETS, recognize_charset

LARGEST = 20_000_000
"""The most bytes that a journal may have."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROLS = {*range(9), 11, 14, 15, *range(16, 27), *range(28, 32)}
_STRAYS = re.compile("[\udc80-\udcff]+")


class NotText(Exception):
    """The bytes are not text; the message says why."""


def decode(data: bytes, charset: str = "") -> tuple[str, str]:
    """Return the text, its lines ending in ``\\n``, and the encoding's name unless it is UTF-8.

    ``charset`` is the encoding that the learner has named; without it the text tells.
    """
    if len(data) > LARGEST:
        raise NotText(f"{len(data):,} bytes; the limit is {LARGEST:,}")
    text, name = _decode_as(data, charset) if charset else _decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), name


def _decode_as(data: bytes, charset: str) -> tuple[str, str]:
    try:
        return data.decode(charset), charset
    except UnicodeDecodeError as error:
        raise NotText(f"it is not valid {charset} ({error.reason}, byte {error.start})") from error


def _decode(data: bytes) -> tuple[str, str]:
    """Try a byte order mark, UTF-16 without one, UTF-8 and other character sets, in this order."""
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), name
            except UnicodeDecodeError as error:
                raise NotText(
                    f"it begins like {name or 'UTF-8'} but is not valid ({error})"
                ) from error
    if wide := _detect_utf16(data):
        return data.decode(wide), "UTF-16"
    start = data[:65536]
    if b"\0" in data or sum(byte in _CONTROLS for byte in start) * 100 > len(start):
        raise NotText("it is not a text file")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _decode_damaged(data) or _decode_recognized(data)


def _detect_utf16(data: bytes) -> str:
    """Return the name of UTF-16 without a byte order mark, or an empty string.

    Its spaces and line ends have a zero at every second byte, and so have the letters of European
    languages; no zero stands in the other half.
    """
    start = data[:2000]
    if len(start) < 4 or len(data) % 2:
        return ""
    for encoding, zeros, others, line_end in (
        ("utf-16-le", start[1::2], start[::2], b"\n\0"),
        ("utf-16-be", start[::2], start[1::2], b"\0\n"),
    ):
        if others.count(0) or not (zeros.count(0) > 0.7 * len(zeros) or line_end in start):
            continue
        try:
            return encoding if zeros.count(0) and _is_readable(data.decode(encoding)) else ""
        except UnicodeDecodeError:
            return ""
    return ""


def _is_readable(text: str) -> bool:
    """Return True if a text has no control characters and no unassigned ones."""
    return all(letter in "\n\r\t\ufeff" or _is_shown(letter) for letter in text[:2000])


def _is_shown(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cn", "Co", "Cs")


def _decode_damaged(data: bytes) -> tuple[str, str] | None:
    """Decode UTF-8 in which a few bytes are another character set's; None for other texts."""
    text = data.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= letter <= "\udcff" for letter in text)
    whole = sum(letter > "\x7f" for letter in text) - strays
    if whole < 4 * strays:
        return None
    return _STRAYS.sub(_decode_stray, text), "UTF-8 with some bytes of Windows-1252"


def _decode_stray(found: re.Match[str]) -> str:
    stray = found[0].encode("utf-8", "surrogateescape")
    try:
        return stray.decode("cp1252")
    except UnicodeDecodeError:
        return stray.decode("latin-1")


def _decode_recognized(data: bytes) -> tuple[str, str]:
    if name := recognize_charset(data):
        return data.decode(name), SETS[name]
    raise NotText(
        "its character set cannot be recognised. Save it as UTF-8, or name it, such as "
        "--encoding gbk"
    )
