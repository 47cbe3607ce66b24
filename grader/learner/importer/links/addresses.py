"""Links between the files of a journal: what a text links to, and the same text with new ends.

Links are written as Markdown, as HTML or as Obsidian and Logseq write them: ``[[note]]``,
``[[folder/note#heading|words]]``, ``![[note]]``. One of the latter becomes a link in Markdown,
which leads to the same file on the site, on GitHub and in an editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from grader.learner.importer.files.kinds import is_picture
from grader.learner.importer.text.pieces import Piece, add_definitions
from grader.learner.importer.text.tokens import parse
from grader.learner.notes.code_spans import replace_outside_code, split_code

_NEAR = re.compile(r"\](?:\(|:)\s*<?(?!https?:|mailto:)|\[\[|<a\b", re.IGNORECASE)
"""What may be a link to a file: a quick test that saves parsing most texts."""
_WIKI = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300}?)(?:\\?\|([^\[\]\n]{0,300}))?\]\]")
_MARKDOWN = re.compile(r"(\]\(\s*)(<[^>\n]*>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)")
_DEFINED = re.compile(r"(?m)^( {0,3}\[[^\]\n]+\]:\s*)(<[^>\n]*>|\S+)")
_HTML = re.compile(
    r"""(<(?:img|a)\b[^>]*?\b(?:src|href)\s*=\s*)("[^"\n]*"|'[^'\n]*'|[^"'\s>]+)""", re.IGNORECASE
)
_WIDTH = re.compile(r"\d+(?:x\d+)?")


def list_links(text: str) -> list[str]:
    """Return what a text links to beside the journal, each once; a wikilink in its brackets."""
    if not _NEAR.search(text):
        return []
    found = [*_list_hrefs(parse(text))]
    prose = "".join(part for part, is_code in split_code(text) if not is_code)
    found += [_strip_quotes(f[2]) for f in _HTML.finditer(prose) if f[1][1] in "aA"]
    found = [address for address in found if is_beside(address) or address.startswith("#")]
    found += [
        f"[[{name}]]"
        for mark, name, _ in _WIKI.findall(prose)
        if is_name(name) and not (mark and is_picture(name))
    ]
    return list(dict.fromkeys(found))


def _list_hrefs(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                yield str(child.attrs.get("href") or "")


def _strip_quotes(address: str) -> str:
    return unescape(address.strip("\"'"))


def is_name(target: str) -> bool:
    """Return True if double brackets hold a name, and not the numbers of a nested list."""
    return bool(re.search(r"[^\W\d_]{2}|\d{4}[-_]\d\d[-_]\d\d", target))


def is_beside(address: str) -> bool:
    """Return True if the address is that of a file beside the journal."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc


def split_address(address: str) -> tuple[str, str]:
    """Return the path or name that an address names, and the heading on that page."""
    if address.startswith("[["):
        name, _, heading = address[2:-2].partition("#")
        return name.strip().rstrip("\\"), heading.strip()
    path, _, heading = address.partition("#")
    if not path:
        return "", unquote(heading)
    return unquote(path.partition("?")[0]).replace("\\", "/"), unquote(heading)


def slugify(heading: str) -> str:
    """Return the anchor of a heading."""
    words = re.sub(r"[^\w\s-]", "", heading).strip().lower()
    return re.sub(r"[-\s]+", "-", words).strip("-")


def list_located_links(
    pieces: Sequence[Piece], definitions: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """Yield what the pieces link to, each once, with the line where it stands first."""
    seen = set()
    for piece in pieces:
        for address in list_links(add_definitions(piece.text, definitions)):
            if address not in seen:
                seen.add(address)
                yield address, piece.line


def replace_addresses(text: str, to: Mapping[str, str]) -> str:
    """Return the text with addresses replaced, and nothing else changed.

    They are replaced in the text itself, because the learner's own Markdown has to stay as it is:
    parsing it and writing the tokens again would reformat it. Code is left alone. ``to`` has a
    wikilink's name in its brackets, and a picture's without.
    """
    spelled = {**{unquote(address): new for address, new in to.items()}, **to}
    plain = f"{text}\n{unquote(text)}"
    if not any(address.removesuffix("]]") in plain for address in spelled):
        return text
    return replace_outside_code(text, lambda part: _replace(part, spelled))


def _replace(text: str, to: Mapping[str, str]) -> str:
    def renew(found: re.Match[str]) -> str:
        bare = found[2].removeprefix("<").removesuffix(">")
        return found[1] + to.get(bare, to.get(unquote(bare), found[2]))

    def renew_html(found: re.Match[str]) -> str:
        quote = found[2][0] if found[2][0] in "\"'" else ""
        bare = _strip_quotes(found[2])
        new = to.get(bare, to.get(unquote(bare)))
        return found[0] if new is None else f"{found[1]}{quote}{new}{quote}"

    text = _HTML.sub(renew_html, _DEFINED.sub(renew, _MARKDOWN.sub(renew, text)))
    return _WIKI.sub(lambda found: _replace_wiki(found, to), text)


def _replace_wiki(found: re.Match[str], to: Mapping[str, str]) -> str:
    mark, name, words = found[1], found[2].strip().rstrip("\\"), (found[3] or "").strip()
    if mark and name in to:
        shown = "" if _WIDTH.fullmatch(words) else words
        return f"![{shown or name}]({to[name]})"
    new = to.get(f"[[{found[2]}]]") or to.get(f"[[{name}]]")
    return f"[{words or name}]({new})" if new else found[0]
