"""Addresses of pages: which are taken, and which of them lead to the same thing."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST = 2000
"""Characters that an address may have."""

_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi"
    r"|ref|ref_src|ref_url|spm|si|pp|ab_channel|feature"
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*|localhost|[\d.]+|[0-9a-f:.]+")
_UNWANTED = re.compile(r"[\s<>\"`\\^{}|]")
_ARXIV = re.compile(r"/(?:abs|pdf|html)/((?:[\w.-]+/)?\d[\d.]*\d)(?:v\d+)?(?:\.pdf)?")
_DOI = re.compile(r"/10\.48550/arxiv\.(.+)", re.IGNORECASE)
_VIDEO = re.compile(r"/(?:shorts|live|embed|v)/([\w-]+)")


def explain_refusal(url: str) -> str:
    """Return why the address is refused; empty when it is taken."""
    if len(url) > LONGEST:
        return f"it has {len(url)} characters; the limit is {LONGEST}"
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in url):
        return "it contains a control character"
    parts = _split_url(url)
    if parts is None:
        return "its host or port cannot be read"
    if parts.scheme.lower() not in ("http", "https"):
        return "an address that begins with https:// or http:// is expected"
    if parts.username is not None or parts.password is not None:
        return "it contains a user name or password; leave that out"
    if not _HOST.fullmatch((parts.hostname or "").lower()):
        return f"{parts.netloc} is not a host name" if parts.netloc else "it has no host name"
    found = _UNWANTED.search(url)
    return f"it contains {found[0]!r}; write %{ord(found[0]):02X} instead" if found else ""


def normalize_url(url: str) -> str:
    """Return the same text for every address of the same thing.

    http or https, ``www.``, a slash at the end, a place on the page and what follows a reader
    about make no difference; nor do an arXiv paper's pages and versions, or a video's.
    """
    parts = _split_url(url.strip())
    if parts is None or not parts.hostname:
        return url.strip()
    host = re.sub(r"^(?:www|m|mobile|export)\.(?=[^.]+\.)", "", parts.hostname.lower())
    path = re.sub(r"/(?:index\.html?)?$", "", quote(unquote(parts.path), safe="/:@!$&()*+,;=~"))
    special = (
        _normalize_arxiv(host, parts.path)
        or _normalize_video(host, parts)
        or _normalize_repository(host, path)
    )
    if special:
        return special
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    asked = sorted(pair for pair in _parse_query(parts) if not _TRACKING.fullmatch(pair[0]))
    query = f"?{urlencode(asked)}" if asked else ""
    route = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return f"{host}{port}{path}{query}{route}"


def _split_url(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _parse_query(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, keep_blank_values=True, errors="replace")
    except ValueError:  # more fields than anybody writes
        return [(parts.query, "")]


def _normalize_arxiv(host: str, path: str) -> str:
    """Return the one address of an arXiv paper, whatever page or version was named."""
    found = None
    if host in ("arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org"):
        found = _ARXIV.fullmatch(path.rstrip("/"))
    elif host in ("doi.org", "dx.doi.org"):
        found = _DOI.fullmatch(path.rstrip("/"))
    return f"arxiv.org/abs/{found[1].lower()}" if found else ""


def _normalize_video(host: str, parts: SplitResult) -> str:
    """Return the one address of a YouTube video, whatever list it was found in."""
    name = ""
    if host == "youtu.be":
        name = parts.path.strip("/")
    elif host in ("youtube.com", "youtube-nocookie.com"):
        within = _VIDEO.fullmatch(parts.path.rstrip("/"))
        name = within[1] if within else dict(_parse_query(parts)).get("v", "")
    return f"youtube.com/watch?v={name}" if name else ""


def _normalize_repository(host: str, path: str) -> str:
    """Return the front page of a repository, whatever the case of its name."""
    found = re.fullmatch(r"/([^/]+/[^/]+?)(?:\.git)?", path) if host == "github.com" else None
    return f"github.com/{found[1].lower()}" if found else ""
