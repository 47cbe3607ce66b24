"""Bytes as text: what a journal's encoding is, or why it is none."""

from __future__ import annotations

import codecs

LARGEST = 20_000_000
"""Bytes that a journal may have."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROLS = {*range(9), 11, 14, 15, *range(16, 27), *range(28, 32)}


class NoText(Exception):
    """The bytes are no text; says why."""


def decoded(data: bytes) -> tuple[str, str]:
    """The text with ``\\n`` at its lines' ends, and the encoding where it is not UTF-8."""
    if len(data) > LARGEST:
        raise NoText(f"{len(data):,} bytes, and {LARGEST:,} are the most")
    text, told = _read(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), told


def _read(data: bytes) -> tuple[str, str]:
    for mark, encoding, told in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), told
            except UnicodeDecodeError as error:
                raise NoText(f"it begins like {told or 'UTF-8'} and is not ({error})") from error
    if wide := _unmarked(data):
        return data.decode(wide), "UTF-16"
    start = data[:65536]
    if b"\0" in data or sum(byte in _CONTROLS for byte in start) * 100 > len(start):
        raise NoText("it is not a text file")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _western(data)


def _unmarked(data: bytes) -> str:
    """UTF-16 without its mark shows in zeros at every second byte."""
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


def _western(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"
