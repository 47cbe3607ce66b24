"""An update of the course in a learner's clone: with real repositories, nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from course_repository import SENTENCE, SOLVED, STUB, CourseRepository, git, read_files, update
from site_workspace import attempt

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.learner.records import Records
from grader.services.session import Session
from grader.services.update import git as git_command
from grader.services.update.updating import open_updating

TRIPLE = "exercises/numbers/triple.py"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Clones of the first version, a fork's and a template's, while the course has a second."""
    folder = tmp_path_factory.mktemp("published")
    course = CourseRepository(folder)
    course.clone(folder / "fork")
    course.copy_as_template(folder / "template")
    course.release()
    return folder / "fork", folder / "template"


@pytest.fixture(params=["fork", "template"])
def any_clone(request: pytest.FixtureRequest, published: tuple[Path, Path], tmp_path: Path) -> Path:
    """A learner's clone of the first version, with and without the course's history."""
    return Path(shutil.copytree(published[request.param == "template"], tmp_path / "clone"))


@pytest.fixture
def clone(published: tuple[Path, Path], tmp_path: Path) -> Path:
    """A fork's clone of the first version."""
    return Path(shutil.copytree(published[0], tmp_path / "clone"))


def write(clone: Path, path: str, text: str) -> Path:
    """Write a file of the clone."""
    file = clone / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def read(clone: Path, path: str) -> str:
    """Return a file of the clone."""
    return (clone / path).read_text("utf-8")


def refuse(clone: Path) -> str:
    """Try to update; return why it was refused, once nothing at all has changed."""
    before, head = read_files(clone), git(clone, "rev-parse", "HEAD")
    index = (clone / ".git" / "index").read_bytes()
    with pytest.raises(UsageError) as refusal:
        update(clone)
    assert read_files(clone) == before
    assert git(clone, "rev-parse", "HEAD") == head
    assert (clone / ".git" / "index").read_bytes() == index
    return str(refusal.value)


def test_work_in_progress_is_committed_and_stays(any_clone: Path) -> None:
    """A stub at work, notes and records stay to the byte; the course's files are the new ones."""
    write(any_clone, STUB, SOLVED)
    write(any_clone, "docs/notes/a b ä.md", "# Mine\r\n")
    write(any_clone, "progress/settings.toml", 'name = "Ada"\n')
    mine = {path: raw for path, raw in read_files(any_clone).items() if path.startswith("docs/n")}
    report = update(any_clone)
    assert report is not None
    assert report.committed == ("docs/notes/a b ä.md", STUB, "progress/settings.toml")
    assert report.kept == (STUB,) and report.replaced == () and report.commits == 1
    assert read(any_clone, STUB) == SOLVED
    assert {path: read_files(any_clone)[path] for path in mine} == mine
    assert SENTENCE in read(any_clone, "solutions/numbers/double.py")
    assert read(any_clone, "grader/new_module.py") == "NEW = 1\n"
    assert not (any_clone / "grader" / "old_module.py").exists()
    assert git(any_clone, "status", "--porcelain") == ""
    assert git(any_clone, "merge-base", "HEAD", report.course).startswith(report.course)
    assert update(any_clone) is None


def test_an_untouched_stub_is_the_new_one(any_clone: Path) -> None:
    """Where the learner has written nothing, the file is the course's of today."""
    update(any_clone)
    assert SENTENCE in read(any_clone, STUB)


def test_the_next_update_of_a_template_has_a_common_history(
    tmp_path: Path,
) -> None:
    """A copy made from an older version finds that version, and later updates start from here."""
    course = CourseRepository(tmp_path)
    second = course.release()
    clone = course.copy_as_template(tmp_path / "clone")
    course.commit("A third", {"docs/guide/start.md": "# Start\n\nHere.\n"})
    course.commit("A fourth", {"docs/guide/start.md": None, "docs/guide/begin.md": "# Begin\n"})
    write(clone, STUB, SOLVED)
    report = update(clone)
    assert report is not None and report.commits == 2 and report.kept == ()
    assert git(clone, "rev-list", "--count", f"{second}..HEAD") == "5"
    assert not (clone / "docs/guide/start.md").exists()
    course.commit("A fifth", {"docs/guide/begin.md": "# Begin\n\nHere.\n"})
    report = update(clone)
    assert report is not None and report.commits == 1
    assert read(clone, "docs/guide/begin.md") == "# Begin\n\nHere.\n"
    assert read(clone, STUB) == SOLVED


def test_a_shallow_clone_is_updated(tmp_path: Path) -> None:
    """A clone of depth 1 with commits of its own keeps them, and gets the course's files."""
    course = CourseRepository(tmp_path)
    fork = course.clone(tmp_path / "first")
    write(fork, STUB, SOLVED)
    git(fork, "commit", "-qam", "Mine")
    git(fork, "push", "-q", "origin", "main")
    course.release()
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}/first.git", str(shallow))
    git(shallow, "remote", "add", "upstream", str(course.bare))
    report = update(shallow)
    assert report is not None and report.kept == (STUB,)
    assert read(shallow, STUB) == SOLVED
    assert read(shallow, "grader/new_module.py") == "NEW = 1\n"
    assert git(shallow, "status", "--porcelain") == ""
    git(shallow, "push", "-q", "origin", "main")


def test_without_work_of_their_own_a_clone_is_the_course(clone: Path) -> None:
    """Nothing is committed where the learner has nothing: the branch moves to the course."""
    update(clone)
    assert git(clone, "rev-parse", "HEAD") == git(clone, "rev-parse", "refs/groundwork/course")


def test_lines_that_fit_are_merged(any_clone: Path) -> None:
    """A committed change of a course's file is merged, and an uncommitted one stays uncommitted."""
    own = read(any_clone, "mkdocs.yml")
    write(any_clone, "mkdocs.yml", f"# committed\n{own}")
    git(any_clone, "commit", "-qam", "Mine")
    write(any_clone, "mkdocs.yml", f"# uncommitted\n# committed\n{own}")
    report = update(any_clone)
    assert report is not None and report.replaced == () and report.copies == ""
    last = "# the course's last line\n"
    assert read(any_clone, "mkdocs.yml") == f"# uncommitted\n# committed\n{own}{last}"
    assert git(any_clone, "show", "HEAD:mkdocs.yml") == f"# committed\n{own}{last}".strip()


def test_what_does_not_fit_is_the_courses_and_a_copy_is_kept(any_clone: Path) -> None:
    """Where both changed the same lines the course's are taken; one command brings theirs back."""
    mine = f"{read(any_clone, 'mkdocs.yml')}# my last line\n"
    write(any_clone, "mkdocs.yml", mine)
    write(any_clone, "grader/old_module.py", "OLD = 'mine'\n")
    report = update(any_clone)
    assert report is not None and report.replaced == ("grader/old_module.py", "mkdocs.yml")
    assert not (any_clone / "grader/old_module.py").exists()
    assert "my last line" not in read(any_clone, "mkdocs.yml")
    git(any_clone, "checkout", report.copies, "--", "mkdocs.yml", "grader/old_module.py")
    assert read(any_clone, "mkdocs.yml") == mine
    assert read(any_clone, "grader/old_module.py") == "OLD = 'mine'\n"


def test_an_untracked_file_in_the_way_is_kept_as_a_copy(clone: Path) -> None:
    """A file with the name of a new file of the course is replaced, and can be brought back."""
    write(clone, "docs/guide/start.md", "# My start\n")
    report = update(clone)
    assert report is not None and report.replaced == ("docs/guide/start.md",)
    assert read(clone, "docs/guide/start.md") == "# Start\n"
    git(clone, "checkout", report.copies, "--", "docs/guide/start.md")
    assert read(clone, "docs/guide/start.md") == "# My start\n"


def test_a_readme_of_their_own_stays(clone: Path, published: tuple[Path, Path]) -> None:
    """A learner who has rewritten README.md keeps it."""
    author = published[0].parent / "author"
    write(clone, "README.md", "# Ada's\n")
    update(clone)
    assert read(author, "README.md") == "# The course\n\nWelcome.\n"
    assert read(clone, "README.md") == "# Ada's\n"


def test_what_was_staged_is_kept(clone: Path) -> None:
    """Versions that were staged and then changed again are in the copy, as `git stash` has them."""
    write(clone, STUB, "staged = 1\n")
    write(clone, "mkdocs.yml", "staged: 1\n")
    write(clone, "docs/own.md", "staged\n")
    git(clone, "add", "-A")
    write(clone, STUB, SOLVED)
    write(clone, "mkdocs.yml", "mine: 1\n")
    write(clone, "docs/own.md", "mine\n")
    report = update(clone)
    assert report is not None and report.replaced == ("mkdocs.yml",)
    assert read(clone, STUB) == SOLVED and read(clone, "docs/own.md") == "mine\n"
    assert git(clone, "show", f"{report.copies}^2:{STUB}") == "staged = 1"
    assert git(clone, "show", f"{report.copies}^2:mkdocs.yml") == "staged: 1"
    assert git(clone, "show", f"{report.copies}:mkdocs.yml") == "mine: 1"
    assert git(clone, "show", ":docs/own.md") == "staged"


def test_deletions_links_and_nested_repositories(clone: Path, tmp_path: Path) -> None:
    """A deleted stub stays deleted, a linked notes folder a link, a nested repository untouched."""
    vault = tmp_path / "vault"
    write(vault, "idea.md", "# An idea\n")
    (clone / STUB).unlink()
    shutil.rmtree(clone / "docs" / "notes")
    (clone / "docs" / "notes").symlink_to(vault)
    nested = write(clone, "docs/log/other/file.md", "other\n")
    git(nested.parent, "init", "-q")
    report = update(clone)
    assert report is not None and not (clone / STUB).exists()
    assert (clone / "docs" / "notes").readlink() == vault
    assert (vault / "idea.md").read_text("utf-8") == "# An idea\n"
    assert nested.read_text("utf-8") == "other\n"
    assert report.notes == (
        "docs/log/other/ is a git repository of its own, and is not committed.",
    )


def test_a_change_hidden_from_git_is_seen(clone: Path) -> None:
    """A file marked as unchanged (`--assume-unchanged`) is compared all the same."""
    git(clone, "update-index", "--assume-unchanged", "mkdocs.yml", STUB)
    write(clone, STUB, SOLVED)
    write(clone, "mkdocs.yml", "mine: 1\n")
    report = update(clone)
    assert report is not None and report.kept == (STUB,)
    assert read(clone, STUB) == SOLVED
    assert git(clone, "show", f"{report.copies}:mkdocs.yml") == "mine: 1"


def test_an_odd_configuration_does_no_harm(
    any_clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks, an editor, signing, a pager, autocrlf and GIT_DIR of the learner's have no effect."""
    hooks = tmp_path / "hooks"
    for name in ("pre-commit", "commit-msg", "reference-transaction", "post-checkout"):
        write(hooks, name, "#!/bin/sh\nexit 1\n").chmod(0o755)
    for name, value in {
        "core.hooksPath": str(hooks),
        "core.autocrlf": "true",
        "core.editor": "false",
        "core.pager": "false",
        "core.fsmonitor": "false",
        "core.splitIndex": "true",
        "merge.conflictStyle": "diff3",
        "merge.ff": "only",
        "pull.rebase": "true",
        "commit.gpgSign": "true",
        "gpg.program": "false",
        "user.useConfigOnly": "true",
        "fetch.prune": "true",
        "log.showSignature": "true",
        "diff.external": "false",
        "status.short": "true",
        "core.quotePath": "true",
        "diff.renames": "copies",
        "log.showRoot": "false",
    }.items():
        git(any_clone, "config", name, value)
    git(any_clone, "config", "--unset", "user.name")
    git(any_clone, "config", "--unset", "user.email")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))
    monkeypatch.setenv("GIT_EDITOR", "false")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    write(any_clone, STUB, SOLVED)
    report = update(any_clone)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert report is not None and report.committed == (STUB,)
    assert read(any_clone, STUB) == SOLVED
    assert git(any_clone, "log", "-1", "--format=%an") == "Groundwork"
    assert git(any_clone, "status", "--porcelain") == ""


def test_a_linked_working_tree_is_updated(clone: Path, tmp_path: Path) -> None:
    """In a working tree made by `git worktree` its own branch and index change, and no other."""
    head = git(clone, "rev-parse", "HEAD")
    linked = tmp_path / "linked"
    git(clone, "worktree", "add", "-q", "-b", "study", str(linked))
    write(linked, STUB, SOLVED)
    assert update(linked) is not None
    assert read(linked, STUB) == SOLVED and git(linked, "status", "--porcelain") == ""
    assert git(clone, "rev-parse", "main") == head and git(clone, "status", "--porcelain") == ""


def test_stale_passes_are_those_of_the_tracker(clone: Path) -> None:
    """What the report calls stale is what `grade list` shows as stale afterwards, and why."""
    workspace = Workspace(clone)
    records = Records(workspace.progress)
    for exercise in ("numbers/double", "numbers/triple", "attention/softmax"):
        file = workspace.locate_stub(exercise)
        file.write_text(f"{file.read_text('utf-8')}\n# written\n", "utf-8")
        records.record(attempt(workspace, exercise, "2026-03-02"))
    report = update(clone)
    assert report is not None
    found = {one.exercise: (one.stale, one.sentences) for one in report.news}
    assert found == {"numbers/double": (True, (SENTENCE,)), "numbers/triple": (True, ())}
    states = Session.open(workspace).read_progress().states
    stale = {exercise for exercise, state in states.items() if state == "stale"}
    assert stale == set(found)


def test_new_requirements_and_exercises_are_reported(tmp_path: Path) -> None:
    """Whether the package is to be installed again depends on what it requires."""
    course = CourseRepository(tmp_path)
    clone = course.clone(tmp_path / "clone")
    project = course.read("pyproject.toml")
    course.commit("Words", {"pyproject.toml": f"# words\n{project}"})
    report = update(clone)
    assert report is not None and not report.reinstall
    course.commit(
        "A library",
        {
            "pyproject.toml": project.replace("click>=8", "click>=9"),
            "curriculum/numbers/check_half.py": "",
        },
    )
    report = update(clone)
    assert report is not None and report.reinstall
    assert report.new_exercises == ("numbers/half",)


# What is refused, with nothing changed


def test_a_detached_head_is_refused(clone: Path) -> None:
    """Without a branch there is nothing to move; looking is possible."""
    git(clone, "checkout", "-q", "--detach")
    write(clone, STUB, SOLVED)
    assert "git switch main" in refuse(clone)
    with open_updating(Workspace(clone)) as updating:
        assert updating.look(only_look=True)[1] is not None


def test_no_network_is_refused(clone: Path) -> None:
    """An address that cannot be reached is named, with git's own words."""
    write(clone, STUB, SOLVED)
    git(clone, "remote", "set-url", "upstream", f"{clone}/nowhere.git")
    assert f"could not be fetched from {clone}/nowhere.git" in refuse(clone)


def test_no_address_is_refused(clone: Path) -> None:
    """Without any address the message says how to add the remote."""
    git(clone, "remote", "remove", "upstream")
    assert "git remote add upstream https://github.com/OWNER/groundwork" in refuse(clone)


@pytest.mark.parametrize("place", ["progress/settings.toml", "pyproject.toml"])
def test_the_remote_is_added(clone: Path, published: tuple[Path, Path], place: str) -> None:
    """The address of the settings or of pyproject.toml becomes the remote `upstream`."""
    bare = published[0].parent / "course.git"
    git(clone, "remote", "remove", "upstream")
    line = f'upstream = "{bare}"' if "settings" in place else f'urls.Repository = "{bare}"'
    own = (clone / place).read_text("utf-8") if (clone / place).exists() else ""
    write(clone, place, f"{own}{line}\n")
    assert update(clone) is not None
    assert git(clone, "remote", "get-url", "upstream") == str(bare)


def test_a_merge_under_way_is_refused(clone: Path) -> None:
    """A merge with conflicts, as an aborted `git pull` leaves it, has to be finished first."""
    write(clone, STUB, SOLVED)
    git(clone, "commit", "-qam", "Mine")
    git(clone, "fetch", "-q", "upstream")
    with pytest.raises(AssertionError):
        git(clone, "merge", "upstream/main")
    assert "a merge is not finished" in refuse(clone)
    (clone / ".git" / "MERGE_HEAD").unlink()
    assert f"{STUB} has a conflict" in refuse(clone)


def test_another_repository_is_refused(clone: Path, tmp_path: Path) -> None:
    """What is no course, or another one, is not merged."""
    other = tmp_path / "other"
    write(other, "README.md", "# Other\n")
    git(other, "init", "-q", "-b", "main")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "Other")
    git(clone, "remote", "set-url", "upstream", str(other))
    assert "is no Groundwork course" in refuse(clone)
    for number in range(5):
        write(other, f"curriculum/{number}.yml", f"{number}\n")
    write(other, "curriculum/course.yml", "title: Other\n")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "A course")
    assert "is no copy of that course" in refuse(clone)


def test_where_there_is_no_clone_it_says_so(clone: Path, tmp_path: Path) -> None:
    """No repository, one without a commit, a part of another one, and a sparse one are refused."""
    git(clone, "config", "core.sparseCheckout", "true")
    assert "git sparse-checkout disable" in refuse(clone)
    shutil.rmtree(clone / ".git")
    with pytest.raises(UsageError, match="is no git clone"):
        update(clone)
    git(clone, "init", "-q", "-b", "main")
    with pytest.raises(UsageError, match="has no commit yet"):
        update(clone)
    shutil.rmtree(clone / ".git")
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match=r"is a folder \(clone/\) of another git repository"):
        update(clone)


def test_a_folder_where_the_course_has_a_file_is_refused(clone: Path) -> None:
    """What the learner has in the place of a folder or file of the course is not removed."""
    write(clone, "docs/guide", "mine\n")
    assert "docs/guide/start.md cannot be written" in refuse(clone)
    git(clone, "add", "docs/guide")
    assert "docs/guide" in refuse(clone)
    git(clone, "commit", "-qm", "Mine")
    assert "docs/guide is yours" in refuse(clone)
    git(clone, "rm", "-qf", "docs/guide")
    git(clone, "commit", "-qm", "Without it")
    write(clone, "docs/guide/start.md/mine.md", "mine\n")
    assert "docs/guide/start.md cannot be written" in refuse(clone)


def test_a_file_saved_before_the_answer_is_not_replaced(clone: Path) -> None:
    """Who saves a file while they are asked is told to begin again; their file is what it was."""
    with open_updating(Workspace(clone)) as updating:
        _, prepared = updating.look(only_look=False)
        assert prepared is not None
        write(clone, STUB, SOLVED)
        with pytest.raises(UsageError, match=f"{STUB} was saved while"):
            updating.make(prepared)
    assert read(clone, STUB) == SOLVED
    report = update(clone)
    assert report is not None and report.committed == (STUB,)


def test_git_at_work_is_named(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock of another git command stops an update before it begins."""
    monkeypatch.setattr(git_command, "LOCK_PATIENCE", 0.1)
    lock = clone / ".git" / "index.lock"
    lock.write_bytes(b"another process's")
    assert "Another git command is running" in refuse(clone)
    assert lock.read_bytes() == b"another process's"


def test_git_that_comes_in_between_is_named(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is taken while the update is made stops it; without it the next one goes on."""
    monkeypatch.setattr(git_command, "LOCK_PATIENCE", 0.1)
    lock = clone / ".git" / "index.lock"
    write(clone, STUB, SOLVED)
    with open_updating(Workspace(clone)) as updating:
        _, prepared = updating.look(only_look=False)
        assert prepared is not None
        lock.write_bytes(b"another process's")
        with pytest.raises(UsageError, match="Another git command is running"):
            updating.make(prepared)
    assert read(clone, STUB) == SOLVED and lock.read_bytes() == b"another process's"
    lock.unlink()
    report = update(clone)
    assert report is not None and report.kept == (STUB,)
    assert read(clone, STUB) == SOLVED and git(clone, "status", "--porcelain") == ""


def test_a_lock_of_its_own_is_removed(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it holds the index, an update leaves a lock that the next one recognises."""
    monkeypatch.setattr(git_command, "LOCK_PATIENCE", 0.1)
    lock = clone / ".git" / "index.lock"
    with open_updating(Workspace(clone)) as updating:
        _, prepared = updating.look(only_look=False)
        assert prepared is not None
        lock.write_bytes(b"")
        with pytest.raises(UsageError, match="Another git command is running"):
            updating.make(prepared)
    lock.write_bytes((clone / ".git" / "groundwork-index").read_bytes())
    assert update(clone) is not None and not lock.exists()
    assert git(clone, "status", "--porcelain") == ""


def test_locks_of_a_killed_git_are_removed(clone: Path) -> None:
    """What git left when it was killed with an update is removed, and no other lock."""
    locks = [clone / ".git" / name for name in ("refs/heads/main.lock", "config.lock")]
    other = clone / ".git" / "packed-refs.lock"
    for lock in (*locks, other):
        lock.touch()
    note = write(clone, ".groundwork/update-git.json", json.dumps({"locks": [str(other)]}))
    with open_updating(Workspace(clone)) as updating:
        assert updating.finish_interrupted() is None
    assert not any(lock.exists() for lock in locks) and other.exists() and not note.exists()


def test_without_git_the_message_names_it(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git is not installed the message says where to get it."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git was not found"):
        update(clone)


def test_an_old_git_is_refused(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that lacks what is needed is named."""
    write(tmp_path, "bin/git", "#!/bin/sh\necho git version 2.17.1\n").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(UsageError, match=r"git version 2\.17\.1 is too old: 2\.25"):
        update(clone)


def test_two_updates_at_once(clone: Path) -> None:
    """The second is refused while the first runs."""
    with open_updating(Workspace(clone)), pytest.raises(UsageError, match="Another grade update"):
        update(clone)


def test_the_undo_that_is_printed_brings_everything_back(clone: Path) -> None:
    """`git reset --keep` to the named commit gives the files from before the update."""
    write(clone, STUB, SOLVED)
    before = read_files(clone)
    report = update(clone)
    assert report is not None
    git(clone, "reset", "-q", "--keep", report.before)
    assert read_files(clone) == before


def test_plain_git_pull_would_have_stopped(clone: Path) -> None:
    """What this command is for: with a changed stub, `git pull` gives up."""
    write(clone, STUB, SOLVED)
    done = subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "upstream", "main"],
        cwd=clone,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0 and STUB in done.stderr
