"""The name of a journal's file: as people read it, and as the name of its note."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from grader.learner.importer.files.charset import recognize_charset

_SURROGATE = re.compile("[\udc80-\udcff]+")
_NOTION_ID = re.compile(r"[ _-][0-9a-f]{32}(?=$|_all$)")
_PLAIN = {"readme", "index", "journal", "notes", "log"}
"""Names of files that say less than their folder's."""
_LONGEST = 60


def show_name(name: str) -> str:
    """Return a name with the right letters; bytes that are no text are written as ``%8A``."""
    return "/".join(map(_show_part, name.split("/"))) if _SURROGATE.search(name) else name


def _show_part(part: str) -> str:
    raw = part.encode("utf-8", "surrogateescape")
    if charset := recognize_charset(raw):
        return raw.decode(charset)
    return _SURROGATE.sub(
        lambda found: "".join(f"%{ord(byte) - 0xDC00:02X}" for byte in found[0]), part
    )


def make_title(name: str) -> str:
    """Return what a file is about by its name, without its folder, ending and Notion's id."""
    return _NOTION_ID.sub("", PurePosixPath(name).stem)


def clean_picture(name: str) -> str:
    """Return the name of a picture so that a link to it needs no escapes."""
    return re.sub(r"[^\w.-]+", "-", show_name(name)).strip("-.") or "picture"


def list_slugs(name: str, folder: str) -> list[str]:
    """Return what the note of a file may be called below ``docs/notes/imported``, best first.

    ``name`` is its path below the folder that was given, and ``folder`` that folder's name. The
    note lies as the file does; one called README is known by its folder.
    """
    path = PurePosixPath(name)
    above = [part for part in map(clean_folder, path.parts[:-1]) if part]
    stem, top = clean_folder(make_title(name)) or "journal", clean_folder(folder) or "journal"
    near = "/".join([*above, stem])
    if _is_plain(name):
        near = "/".join(above) or top
    return list(dict.fromkeys((near, "/".join([*(above or [top]), stem]))))


def make_old_slug(name: str, folder: str) -> str:
    """Return what the note was called when all notes lay in one folder."""
    path = PurePosixPath(name)
    plain_name = (path.parts[-2] if len(path.parts) > 1 else folder) if _is_plain(name) else ""
    return clean_folder(plain_name or path.stem) or "journal"


def _is_plain(name: str) -> bool:
    return make_title(name).casefold() in _PLAIN


def clean_folder(name: str) -> str:
    """Return the name of a folder, or of a file without its ending, in small letters."""
    name = _NOTION_ID.sub("", name)
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", name).casefold())
    return words.strip("-_")[:_LONGEST].strip("-_")
