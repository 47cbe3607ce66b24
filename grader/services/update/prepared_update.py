"""An update that is worked out and not yet made, and the report on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from grader.services.update.clone_state import CloneHead
from grader.services.update.contract_news import ContractNews
from grader.services.update.trees import Entry


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update brings, and what becomes of the learner's files."""

    course: str
    """The short name of the course's commit."""
    day: str
    commits: int
    """How many commits of the course are new."""
    new_exercises: tuple[str, ...]
    news: tuple[ContractNews, ...]
    committed: tuple[str, ...]
    """The learner's own files that are committed first."""
    kept: tuple[str, ...]
    """The learner's files that the course has changed too: the learner's version stays."""
    replaced: tuple[str, ...]
    """Files of the course that the learner had changed, replaced by the course's version."""
    reinstall: bool
    """Whether the package has to be installed again: its dependencies have changed."""
    notes: tuple[str, ...] = ()
    """What else was noticed, in sentences."""
    copies: str = ""
    """The reference with the learner's version of what was replaced; empty if nothing was."""
    before: str = ""
    """The commit to go back to, with all that the learner had."""
    left: tuple[str, ...] = ()
    """Files that were saved while the update ran, and so were left as they are."""

    def to_json(self) -> dict[str, Any]:
        """Return the report as data for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> UpdateReport:
        """Return the report that ``to_json`` gave."""
        news = tuple(
            ContractNews(one["exercise"], one["stale"], tuple(one["sentences"]))
            for one in data["news"]
        )
        plain: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list) else v for key, v in data.items()
        }
        plain["news"] = news
        return cls(**plain)

    def change(self, **values: Any) -> UpdateReport:
        """Return the report with other values."""
        return replace(self, **values)


@dataclass(frozen=True, slots=True)
class PreparedUpdate:
    """All that is needed to make an update."""

    head: CloneHead
    course: str
    base: str
    committed_tree: dict[str, Entry]
    """HEAD's files, with the learner's own as they are in the working tree."""
    head_tree: dict[str, Entry]
    work_tree: dict[str, Entry]
    merged_commit: dict[str, Entry]
    """What is committed."""
    merged_work: dict[str, Entry]
    """What the working tree will have: the same, and changes that the learner did not commit."""
    report: UpdateReport
