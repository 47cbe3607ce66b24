"""What to do with an address on the web that somebody wants to import: commands that bring it."""

from __future__ import annotations

import re

_REPOSITORY = re.compile(
    r"(?:https?://|git@|ssh://git@)?(?:www\.)?"
    r"(?P<host>github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|gitee\.com|git\.sr\.ht)[/:]"
    r"(?P<owner>[^/\s]+)/(?P<name>[^/\s?#]+?)(?:\.git)?"
    r"(?:/(?:-/)?(?:blob|tree|raw|src(?:/branch)?|edit)/[^/\s]+(?P<path>/[^\s?#]*)?)?/?(?:[?#]\S*)?"
)
_RAW = re.compile(
    r"https?://raw\.githubusercontent\.com/(?P<owner>[^/\s]+)/(?P<name>[^/\s]+)"
    r"/(?:refs/heads/)?[^/\s]+(?P<path>/[^\s?#]*)"
)
_PAGES = re.compile(r"https?://(?P<owner>[\w-]+)\.github\.io/(?P<name>[\w.-]+)?\S*")
_GIST = re.compile(r"https?://gist\.github\.com/(?:[^/\s]+/)?(?P<name>[0-9a-f]{8,})\S*")


def explain_address(text: str) -> str:
    """Return how to bring what lies at an address; empty for what is no address."""
    if found := _GIST.fullmatch(text):
        return _format(text, f"https://gist.github.com/{found['name']}.git", found["name"], "")
    if found := _RAW.fullmatch(text):
        url = f"https://github.com/{found['owner']}/{found['name']}"
        return _format(text, url, found["name"], found["path"])
    if found := _REPOSITORY.fullmatch(text):
        host, owner, name = found["host"], found["owner"], found["name"]
        return _format(text, f"https://{host}/{owner}/{name}", name, found["path"] or "")
    if found := _PAGES.fullmatch(text):
        name = found["name"] or f"{found['owner']}.github.io"
        return _format(text, f"https://github.com/{found['owner']}/{name}", name, "")
    if re.match(r"https?://\S+", text):
        return (
            f"{text} is an address, and an import reads files. Save the page as a file, then:\n"
            "  grade import FILE"
        )
    return ""


def _format(text: str, url: str, name: str, path: str) -> str:
    folder = f"../{name}"
    return (
        f"{text} is an address, and an import reads files. Fetch the repository first, then "
        f"import from it:\n  git clone {url} {folder}\n  grade import {_quote(folder + path)}"
    )


def _quote(path: str) -> str:
    path = path.rstrip("/").replace("%20", " ")
    return f'"{path}"' if " " in path else path
