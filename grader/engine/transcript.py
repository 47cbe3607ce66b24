"""What was asked and answered in one check, kept as it crossed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Exchange:
    """One question and its answer, as they crossed; ``says`` is the question in words."""

    question: bytes
    answer: bytes
    says: str
    subject: str = ""


@dataclass(slots=True)
class Page:
    """The transcript of one check."""

    exchanges: list[Exchange] = field(default_factory=list)
    whole: bool = True
    notes: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def asked(self, most: int = 3) -> str:
        """The last calls in words, the very last one at the end."""
        calls = [exchange.says for exchange in self.exchanges if exchange.says]
        return "\n".join(calls[-most:])
