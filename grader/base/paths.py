"""Where each file lies: the only module that spells paths.

One owner per tree: the learner's are ``exercises``, ``docs/notes``, ``docs/log`` and
``progress``; all else belongs to the course or is generated below ``.groundwork``.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.base.errors import WorkspaceError

GRADER = Path(__file__).resolve().parents[1]


def _find_current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise WorkspaceError(
            "The current folder has been deleted. Change into your clone and try again."
        ) from None


def find_user_cache() -> Path:
    """Return the folder of what is large and can be downloaded again, one for all clones.

    ``GROUNDWORK_CACHE`` names another folder.
    """
    named = os.environ.get("GROUNDWORK_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "groundwork"
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    return Path(os.environ.get(variable) or Path.home() / ".cache") / "groundwork"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A learner's clone, by its root folder."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """Return the workspace that holds ``start`` (the current folder by default)."""
        start = (start or _find_current_folder()).resolve()
        for folder in (start, *start.parents):
            if (folder / "curriculum" / "course.yml").is_file():
                return cls(folder)
        raise WorkspaceError(
            f"{start} is not in a Groundwork workspace: no curriculum/course.yml here or above. "
            "Change into your clone and try again."
        )

    # The course's

    @property
    def curriculum(self) -> Path:
        """The course, owned by its authors."""
        return self.root / "curriculum"

    @property
    def course_file(self) -> Path:
        """Phases and units in order, objectives."""
        return self.curriculum / "course.yml"

    @property
    def resources_file(self) -> Path:
        """The reading list."""
        return self.curriculum / "resources.yml"

    @property
    def glossary_file(self) -> Path:
        """The glossary, which a course may lack."""
        return self.curriculum / "glossary.yml"

    def locate_unit_file(self, unit: str) -> Path:
        """Return the file of a unit: its exercises in order."""
        return self.curriculum / unit / "unit.yml"

    def locate_shared(self, unit: str) -> Path:
        """Return the file of what a unit's checks have in common; it may be absent."""
        return self.curriculum / unit / "shared.py"

    def locate_demo(self, unit: str) -> Path:
        """Return the file that runs a unit's exercises on an input; it may be absent."""
        return self.curriculum / unit / "demo.py"

    def locate_milestone(self, milestone: str) -> Path:
        """Return the program of a milestone; it may be absent."""
        return self.curriculum / "milestones" / f"{milestone}.py"

    def locate_lesson(self, exercise: str) -> Path:
        """Return the lesson of an exercise, in Markdown."""
        return self._locate(exercise, "{}.md")

    def locate_checks(self, exercise: str) -> Path:
        """Return the file of the checks: what is graded, as pytest functions."""
        return self._locate(exercise, "check_{}.py")

    def locate_mistakes(self, exercise: str) -> Path:
        """Return the file of the mistakes: wrong variants."""
        return self._locate(exercise, "mistakes_{}.py")

    def locate_equivalents(self, exercise: str) -> Path:
        """Return the file of changes that no check can notice, with reasons; it may be absent."""
        return self._locate(exercise, "equivalent_{}.yml")

    def locate_reference(self, exercise: str) -> Path:
        """Return the reference, the one source of stub and mistakes."""
        return self.root / "solutions" / f"{exercise}.py"

    # The learner's

    def locate_stub(self, exercise: str) -> Path:
        """Return the learner's file."""
        return self.root / "exercises" / f"{exercise}.py"

    def locate_notebook(self, exercise: str) -> Path:
        """Return the notebook of an exercise, beside the learner's file; it may be absent."""
        return self.root / "exercises" / f"{exercise}.ipynb"

    @property
    def notes(self) -> Path:
        """The learner's notes, Markdown and notebooks."""
        return self.root / "docs" / "notes"

    @property
    def imported(self) -> Path:
        """The notes that ``grade import`` makes."""
        return self.notes / "imported"

    @property
    def log(self) -> Path:
        """The daily log, one Markdown file a day."""
        return self.root / "docs" / "log"

    @property
    def progress(self) -> Path:
        """The records."""
        return self.root / "progress"

    def locate_repeat(self, exercise: str) -> Path:
        """Return the copy in which a passed exercise is solved again."""
        return self.progress / "again" / f"{exercise}.py"

    @property
    def models(self) -> Path:
        """What the learner has trained: large, so ignored by git, and never deleted by the tool."""
        return self.progress / "models"

    @property
    def settings(self) -> Path:
        """The learner's settings; it may be absent."""
        return self.progress / "settings.toml"

    # The project's and the generated

    @property
    def handwritten(self) -> Path:
        """Pages written by hand, of which ``notes`` and ``log`` are the learner's."""
        return self.root / "docs"

    @property
    def quality(self) -> Path:
        """The page with the table of what the tests of each exercise have shown."""
        return self.handwritten / "quality.md"

    @property
    def trials(self) -> Path:
        """The answers of the blind trials, right and wrong."""
        return self.root / "tests" / "trials"

    def locate_samples(self, kind: str) -> Path:
        """Return the folder of complete exercise files, the ``styles`` or the ``peers``."""
        return self.root / "tests" / kind

    @property
    def mkdocs_file(self) -> Path:
        """The site's settings."""
        return self.root / "mkdocs.yml"

    @property
    def generated(self) -> Path:
        """Everything that can be made again; ignored by git."""
        return self.root / ".groundwork"

    @property
    def rendered(self) -> Path:
        """The site's pages as plain Markdown, MkDocs' docs_dir."""
        return self.generated / "docs"

    @property
    def zensical_file(self) -> Path:
        """The configuration that Zensical builds the site from."""
        return self.generated / "zensical.yml"

    @property
    def zensical_site(self) -> Path:
        """Where Zensical builds the site: it has to be below its configuration."""
        return self.generated / "site"

    @property
    def site(self) -> Path:
        """The built site."""
        return self.root / "site"

    @property
    def cache(self) -> Path:
        """Results kept by the hash of their source."""
        return self.generated / "cache"

    @property
    def import_runs(self) -> Path:
        """What the last imports wrote, so that they can be taken back."""
        return self.generated / "imports"

    @property
    def card_ids(self) -> Path:
        """The cards' ids as the notes had them last, for what reads no notes."""
        return self.generated / "pile.json"

    @property
    def aside(self) -> Path:
        """Old exercise files that a reset saved: the learner's, so kept beside the records."""
        return self.progress / "aside"

    def show_path(self, path: Path) -> str:
        """Return the path as a learner reads it, relative to the root, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)

    def _locate(self, exercise: str, pattern: str) -> Path:
        unit, _, name = exercise.partition("/")
        return self.curriculum / unit / pattern.format(name)
