"""The encoding of a journal: which one it is, and its bytes decoded as text."""

from __future__ import annotations

import codecs

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


class NotText(Exception):
    """The bytes are not text; the message says why."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text, its lines ending in ``\\n``, and the encoding's name unless it is UTF-8."""
    if len(data) > LARGEST:
        raise NotText(f"{len(data):,} bytes; the limit is {LARGEST:,}")
    text, name = _decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), name


def _decode(data: bytes) -> tuple[str, str]:
    """Try a byte order mark, UTF-16 without one, UTF-8 and Western code pages, in this order."""
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
        return _decode_western(data)


def _detect_utf16(data: bytes) -> str:
    """Return the name of UTF-16 without a byte order mark, or an empty string.

    In UTF-16 the letters of European languages have a zero at every second byte.
    """
    start = data[:2000]
    if len(start) < 4 or len(data) % 2:
        return ""
    for encoding, zeros, others in (
        ("utf-16-le", start[1::2], start[::2]),
        ("utf-16-be", start[::2], start[1::2]),
    ):
        if zeros.count(0) > 0.7 * len(zeros) and not others.count(0):
            try:
                data.decode(encoding)
                return encoding
            except UnicodeDecodeError:
                return ""
    return ""


def _decode_western(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"
