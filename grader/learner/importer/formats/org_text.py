"""Text of Emacs' Org mode as Markdown, line for line."""

from __future__ import annotations

import re

from grader.learner.importer.files.kinds import is_picture
from grader.learner.importer.links.addresses import is_beside

_HEADING = re.compile(r"(\*+)\s+(?:(TODO|NEXT|WAITING|DONE|CANCELLED)\s+)?(?:\[#\w\]\s+)?(.*)")
_TAGS = re.compile(r"\s+(:[\w@#%:]+:)\s*$")
_KEY = re.compile(r"\s*#\+(\w+):\s*(.*)", re.IGNORECASE)
_BEGIN = re.compile(r"(\s*)#\+begin_(\w+)\s*(\S*).*", re.IGNORECASE)
_END = re.compile(r"(\s*)#\+end_(\w+)\s*", re.IGNORECASE)
_RULE = re.compile(r"\s*\|[-+]+\|?\s*")
_LINK = re.compile(r"\[\[([^\]\n]+)\](?:\[([^\]\n]+)\])?\]")
_DATE = re.compile(r"[<\[](\d{4}-\d\d-\d\d)([^>\]\n]*)[>\]]")
_MARKS = (("*", "**"), ("/", "*"), ("+", "~~"), ("=", "`"), ("~", "`"))
_DRAWER = re.compile(r"\s*:(PROPERTIES|LOGBOOK|END|[A-Z_]+):\s*\S*\s*")
_CODE = ("src", "example", "export", "verse")


def convert_org(text: str) -> str:
    """Return the text in Markdown, each line where it stood; a title becomes the first heading."""
    done: list[str] = []
    inside = ""
    deeper = int(bool(re.search(r"(?im)^#\+title:", text)))
    for line in text.split("\n"):
        if inside in _CODE:
            end = _END.fullmatch(line)
            done.append(f"{end[1]}```" if end else re.sub(r"^(\s*),(?=[*#])", r"\1", line))
            inside = "" if end else inside
        elif begin := _BEGIN.fullmatch(line):
            inside = begin[2].lower()
            language = begin[3] if inside == "src" else ""
            done.append(f"{begin[1]}```{language}" if inside in _CODE else "")
        elif _END.fullmatch(line):
            inside = ""
            done.append("")
        else:
            shown = _convert_line(line, deeper)
            done.append(f"> {shown}" if inside == "quote" else shown)
    return "\n".join(done)


def _convert_line(line: str, deeper: int) -> str:
    if heading := _HEADING.fullmatch(line):
        level = min(6, len(heading[1]) + deeper)
        return f"{'#' * level} {_convert_heading(heading[2] or '', heading[3])}".rstrip()
    if key := _KEY.fullmatch(line):
        if key[1].lower() == "title":
            return f"# {key[2]}"
        is_said = key[1].lower() in ("date", "author", "filetags")
        return f"{key[1]}: {key[2]}" if is_said else f"<!-- {line.strip()} -->"
    if _RULE.fullmatch(line):
        return line.replace("+", "|")
    if _DRAWER.fullmatch(line):
        return f"<!-- {line.strip()} -->"
    if re.match(r"\s*# ", line):
        return f"<!-- {line.strip(' #')} -->"
    return _convert_words(re.sub(r"^(\s*)[-+] \[-\]", r"\1- [ ]", line))


def _convert_heading(state: str, words: str) -> str:
    """Return a heading with its date bare, so that it can be a day, and its state behind it."""
    tags = _TAGS.search(words)
    words = words[: tags.start()] if tags else words
    date = _DATE.fullmatch(words.strip())
    shown = f"{date[1]}{date[2]}" if date else _convert_words(words)
    shown += f" {tags[1]}" if tags else ""
    return f"{shown} ({state})" if state else shown


def _convert_words(line: str) -> str:
    line = _LINK.sub(_convert_link, line)
    for mark, new in _MARKS:
        sign = re.escape(mark)
        pattern = rf"(?<![\w{sign}/:]){sign}(?=\S)([^{sign}\n]*?[^\s{sign}]){sign}(?![\w{sign}/])"
        line = re.sub(pattern, rf"{new}\1{new}", line)
    return line


def _convert_link(found: re.Match[str]) -> str:
    address, words = re.sub(r"^file:", "", found[1]), found[2]
    if is_picture(address) and not words:
        return f"![]({address})"
    if words is None and not is_beside(address):
        return f"<{address}>"
    return f"[{words or address}]({address})"
