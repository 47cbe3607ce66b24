"""Whose site it is: from the settings, or else from git, and never an e-mail address."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.learner.github_pages import VARIABLE
from grader.learner.settings import Settings
from grader.services.site_owner import SiteOwner, derive_owner, find_owner, parse_repository

ADA = SiteOwner("Ada Lovelace", "https://github.com/ada", "https://github.com/ada/llm")
KNOWN = {"user.name": "Ada Lovelace", "remote.origin.url": "git@github.com:ada/llm.git"}


@pytest.fixture
def clone(tmp_path: Path) -> Workspace:
    """A repository whose origin has a user name and a password in its address."""
    for words in (
        ("init", "--quiet"),
        ("config", "user.name", "Ada Lovelace"),
        ("config", "user.email", "ada@example.org"),
        ("remote", "add", "origin", "https://ada:secret@github.com/ada/llm.git"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return Workspace(tmp_path)


def test_git_knows_what_the_settings_leave_out(clone: Workspace) -> None:
    """Name and repository come from the clone; password and e-mail address do not."""
    assert find_owner(clone, Settings()) == ADA


def test_the_settings_come_first(clone: Workspace) -> None:
    """What they say stands, and the rest comes from git all the same."""
    said = Settings(name="Countess", repository="https://example.org/code")
    assert find_owner(clone, said) == SiteOwner("Countess", "", "https://example.org/code")
    said = Settings(profile="https://ada.example")
    assert find_owner(clone, said) == SiteOwner(ADA.name, "https://ada.example", ADA.repository)


def test_a_folder_without_a_repository_has_no_owner(tmp_path: Path) -> None:
    """The name that git has for the whole machine says nothing about a copied folder."""
    assert find_owner(Workspace(tmp_path), Settings()) == SiteOwner()


def test_a_site_is_built_without_git(
    clone: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where git is not installed, the settings and the workflow's variable are left."""
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert find_owner(clone, Settings(name="Ada")) == SiteOwner("Ada")
    monkeypatch.setenv(VARIABLE, "ada/llm")
    assert find_owner(clone, Settings()) == SiteOwner("ada", ADA.profile, ADA.repository)


def test_the_course_itself_is_not_the_learners(clone: Workspace) -> None:
    """A clone of the course's own repository has a name, and neither repository nor profile."""
    said = Settings(upstream="git@github.com:ada/llm.git")
    assert find_owner(clone, said) == SiteOwner("Ada Lovelace")
    project = '[project.urls]\nRepository = "https://github.com/Ada/LLM"\n'
    (clone.root / "pyproject.toml").write_text(project, "utf-8")
    assert find_owner(clone, Settings()) == SiteOwner("Ada Lovelace")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Ada\tLovelace\n", "Ada Lovelace"),
        ("ada@example.org", "ada"),
        ("", "ada"),
        ("A" * 81, "ada"),
        ("Ada\x1b[31m\u202e", "Ada[31m"),
    ],
)
def test_a_name_of_gits_is_one_line_and_no_address(name: str, shown: str) -> None:
    """In place of an e-mail address, of nothing and of a text stands the repository's owner."""
    assert derive_owner(Settings(), {**KNOWN, "user.name": name}, "").name == shown


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/ada/llm",
        "https://github.com/ada/llm.git",
        "https://www.github.com/ada/llm/",
        "https://token:x-oauth-basic@github.com/ada/llm.git",
        "https://ada%40example.org:p@ss@github.com/ada/llm.git",
        "ssh://git@ssh.github.com:443/ada/llm.git",
        "git@github.com:ada/llm.git",
        "github.com:ada/llm",
    ],
)
def test_an_address_of_gits_becomes_that_of_a_page(address: str) -> None:
    """Whatever the way to write it, the page has host and path alone."""
    found = parse_repository(address)
    assert found is not None and found.page == "https://github.com/ada/llm"


def test_groups_of_gitlab_stay_in_the_path() -> None:
    """A repository may lie deeper than its owner."""
    found = parse_repository("git@gitlab.com:school/class/llm.git")
    assert found is not None
    assert (found.page, found.owner) == ("https://gitlab.com/school/class/llm", "school")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "../course",
        "/srv/git/llm.git",
        "C:/Users/ada/llm",
        "file:///home/ada/llm",
        "git@intranet.example:ada/llm.git",
        "https://github.com.example.org/ada/llm",
        "https://github.com/ada",
        "https://github.com/ada/../llm",
        'https://github.com/ada/"><script>',
        "javascript://github.com/ada/llm",
    ],
)
def test_other_addresses_are_no_page(address: str) -> None:
    """A path, a host that is not known and what is no address lead nowhere."""
    assert parse_repository(address) is None
