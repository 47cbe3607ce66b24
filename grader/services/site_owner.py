"""Whose site it is: name, profile and repository, from the settings or else from git.

Git is asked for ``user.name`` and for the address of ``origin``, which has to be on a host whose
addresses are known; of that address host and path alone are used. No e-mail address is read.
Without git, such as where a site is only built, the settings and the workflow's variable are left.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from grader.base.errors import GroundworkError
from grader.base.paths import Workspace
from grader.base.urls import normalize_url
from grader.learner.github_pages import VARIABLE
from grader.learner.settings import Settings

_HOSTS = frozenset({"github.com", "gitlab.com", "codeberg.org"})
"""Hosts on which the first part of a repository's path is its owner's page."""
_PATH = r"(?P<owner>[\w.-]+)/(?P<rest>[\w./-]+?)(?:\.git)?/?"
_ADDRESSES = (
    re.compile(
        rf"(?:https?|ssh|git)://(?:[^/\s]*@)?(?P<host>[\w.-]+)(?::\d+)?/{_PATH}",
        re.ASCII | re.IGNORECASE,
    ),
    re.compile(rf"(?:[^/@:\s]+@)?(?P<host>[\w.-]+):{_PATH}", re.ASCII),
)
_KEYS = r"^(user\.name|remote\.(origin|upstream)\.url)$"
_LONGEST = 80
"""Characters of a name that git has; a longer one is none."""


@dataclass(frozen=True, slots=True)
class SiteOwner:
    """Whose site it is. What is not known is empty; both addresses are those of pages."""

    name: str = ""
    profile: str = ""
    repository: str = ""


class _Repository(NamedTuple):
    """A repository on a host that is known."""

    host: str
    owner: str
    rest: str

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"https://{self.host}/{self.owner}/{self.rest}"


def find_owner(workspace: Workspace, settings: Settings) -> SiteOwner:
    """Return what the settings say; what they leave out comes from the workflow or from git."""
    if settings.name.strip() and settings.profile and settings.repository:
        return derive_owner(settings, {}, "")
    known = _ask_git(workspace)
    if course := known.get("remote.upstream.url") or settings.upstream:
        known["course"] = course
    elif known.get("remote.origin.url"):
        from grader.services.update.course_source import read_project

        known["course"] = read_project(workspace)
    return derive_owner(settings, known, os.environ.get(VARIABLE, ""))


def derive_owner(settings: Settings, known: Mapping[str, str], published: str) -> SiteOwner:
    """Return the owner; ``known`` is what git has, ``published`` the workflow's ``owner/name``.

    An ``origin`` that is the course's own repository is not the learner's.
    """
    own = parse_repository(settings.repository)
    if not settings.repository:
        own = parse_repository(f"https://github.com/{published}") if published else None
        own = own or _leave_out_course(known)
    return SiteOwner(
        name=_clean(settings.name) or _check_name(known) or (own.owner if own else ""),
        profile=settings.profile or (f"https://{own.host}/{own.owner}" if own else ""),
        repository=settings.repository or (own.page if own else ""),
    )


def parse_repository(address: str) -> _Repository | None:
    """Return the repository that an address of git's or of a page leads to; None elsewhere."""
    for pattern in _ADDRESSES:
        if found := pattern.fullmatch(address.strip()):
            host = found["host"].lower().removeprefix("www.").removeprefix("ssh.")
            parts = (found["owner"], *found["rest"].split("/"))
            if host in _HOSTS and all(part.strip(".") for part in parts):
                return _Repository(host, found["owner"], found["rest"])
    return None


def _leave_out_course(known: Mapping[str, str]) -> _Repository | None:
    """Return git's ``origin``, unless the course itself is there."""
    origin = parse_repository(known.get("remote.origin.url", ""))
    course = parse_repository(known.get("course", ""))
    if origin and course and normalize_url(origin.page) == normalize_url(course.page):
        return None
    return origin


def _check_name(known: Mapping[str, str]) -> str:
    """Return the name that git has; nothing for an e-mail address in its place."""
    name = _clean(known.get("user.name", ""))
    return "" if "@" in name or len(name) > _LONGEST else name


def _clean(name: str) -> str:
    return " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())


def _ask_git(workspace: Workspace) -> dict[str, str]:
    """Return what git has of these keys; nothing without a clone or without git."""
    if not (workspace.root / ".git").exists():
        return {}
    from grader.services.update.git import Git

    try:
        git = Git(workspace.root, workspace.generated / "update-git.json")
        printed = git.attempt("config", "-z", "--get-regexp", _KEYS) or b""
    except (GroundworkError, OSError):
        return {}
    lines = printed.decode("utf-8", "replace").split("\0")
    pairs = (line.partition("\n") for line in lines)
    return {key: value for key, _, value in pairs if value}
