"""A course in a bare repository, and learners' copies of it, for the tests of updates."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from site_workspace import lay

from grader.base.paths import Workspace
from grader.services.session import Session
from grader.services.update.prepared_update import UpdateReport
from grader.services.update.updating import open_updating

STUB = "exercises/numbers/double.py"
SOLVED = "def double(x):\n    return x + x\n"
SENTENCE = "Zero stays zero."


def git(folder: Path, *words: str) -> str:
    """Run git as some person, and return what it prints."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stderr}"
    return done.stdout.strip()


class CourseRepository:
    """A bare repository with a first version of a course, and who writes further ones."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.author = folder / "course.git", folder / "author"
        workspace = lay(self.author)
        (self.author / "grader").unlink()  # a link to the tool of these tests
        shutil.rmtree(self.author / "docs" / "assets")
        self._write_stubs(workspace)
        self.put(
            {
                ".gitignore": ".groundwork/*\n__pycache__/\n/site/\n.*.new\n",
                ".gitattributes": "* text=auto eol=lf\n",
                "README.md": "# The course\n\nWelcome.\n",
                "pyproject.toml": '[project]\nname = "groundwork"\ndependencies = ["click>=8"]\n',
                "grader/__main__.py": "VERSION = 1\n",
                "grader/old_module.py": "OLD = 1\n",
                "docs/notes/.gitkeep": "",
            }
        )
        git(self.author, "init", "-q", "--template=", "-b", "main")
        git(self.author, "init", "-q", "--template=", "--bare", "-b", "main", str(self.bare))
        git(self.author, "remote", "add", "origin", str(self.bare))
        self.commit("The course")

    def put(self, files: dict[str, str | None]) -> None:
        """Write files of the course, or delete those with None."""
        for path, text in files.items():
            file = self.author / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")

    def commit(self, message: str, files: dict[str, str | None] | None = None) -> str:
        """Commit files and push; return the commit."""
        self.put(files or {})
        git(self.author, "add", "-A")
        git(self.author, "commit", "-q", "-m", message)
        git(self.author, "push", "-q", "origin", "main")
        return git(self.author, "rev-parse", "HEAD")

    def release(self) -> str:
        """Publish a second version, which changes a little of everything; return the commit."""
        reference = self.author / "solutions" / "numbers" / "double.py"
        text = reference.read_text("utf-8").replace("Args:", f"{SENTENCE}\n\n    Args:", 1)
        reference.write_text(text, "utf-8")
        triple = self.author / "curriculum" / "numbers" / "check_triple.py"
        triple.write_text(triple.read_text("utf-8") + "\n# another check\n", "utf-8")
        self._write_stubs(Workspace(self.author))
        self.put({"grader/__main__.py": "VERSION = 2\n", "grader/old_module.py": None})
        self.put({"grader/new_module.py": "NEW = 1\n", "docs/guide/start.md": "# Start\n"})
        self.put({"mkdocs.yml": self.read("mkdocs.yml") + "# the course's last line\n"})
        return self.commit("Zero, another check, other modules")

    def read(self, path: str) -> str:
        """Return a file of the course."""
        return (self.author / path).read_text("utf-8")

    def clone(self, root: Path, *options: str) -> Path:
        """Clone the course as a fork is cloned: origin is a repository of the learner's own."""
        fork = root.with_name(f"{root.name}.git")
        shutil.copytree(self.bare, fork)
        git(root.parent, "clone", "-q", "--template=", *options, f"file://{fork}", str(root))
        self._name_upstream(root)
        return root

    def copy_as_template(self, root: Path) -> Path:
        """Copy the course as GitHub's templates do: the same files, with no common history."""
        git(root.parent, "clone", "-q", "--template=", str(self.bare), str(root))
        shutil.rmtree(root / ".git")
        git(root, "init", "-q", "--template=", "-b", "main")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Initial commit")
        self._name_upstream(root)
        return root

    def _name_upstream(self, root: Path) -> None:
        git(root, "remote", "add", "upstream", str(self.bare))
        git(root, "config", "user.name", "Ada")
        git(root, "config", "user.email", "ada@example.org")

    @staticmethod
    def _write_stubs(workspace: Workspace) -> None:
        session = Session.open(workspace)
        for exercise in session.course.iterate_exercises():
            file = workspace.locate_stub(exercise.id)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(session.make_stub(exercise), "utf-8")


def update(root: Path) -> UpdateReport | None:
    """Update a clone as ``grade update --yes`` does; None where nothing was new."""
    with open_updating(Workspace(root)) as updating:
        if (report := updating.finish_interrupted()) is not None:
            return report
        _, prepared = updating.look(only_look=False)
        return updating.make(prepared) if prepared else None


def read_files(root: Path) -> dict[str, bytes]:
    """Return every file of a working tree, but those that git or the tool can make again."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] in (".git", ".groundwork") or "__pycache__" in name:
            continue
        if path.is_symlink():
            found[name] = os.fsencode(path.readlink())
        elif path.is_file():
            found[name] = path.read_bytes()
    return found
