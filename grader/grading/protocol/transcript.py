"""What was asked and answered in one check, kept as it crossed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Exchange:
    """One question and its answer, as they crossed."""

    question: bytes
    answer: bytes
    call: str
    """The question as a learner reads it; empty for the grader's own."""
    subject: str = ""
    """What was called: ``softmax``."""
    answered: bool = False
    """Whether an answer came; its bytes are not kept where they are too many."""


@dataclass(slots=True)
class Transcript:
    """What was asked and answered in one check."""

    exchanges: list[Exchange] = field(default_factory=list)
    complete: bool = True
    """Whether every exchange was kept; what is too large to keep is no evidence."""
    notes: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """The functions that changed an argument in place."""

    def drop_bytes(self) -> None:
        """Let go of all questions and answers: too many bytes to keep, and so no evidence."""
        kept = self.exchanges if self.complete else self.exchanges[-1:]
        self.complete = False
        for exchange in kept:
            exchange.question = exchange.answer = b""

    def has_answer(self) -> bool:
        """Return whether the learner's code has answered a call."""
        return any(exchange.call and exchange.answered for exchange in self.exchanges)

    def format_calls(self, most: int = 3) -> str:
        """Return the last calls in words, the very last one at the end."""
        calls = [exchange.call for exchange in self.exchanges if exchange.call]
        return "\n".join(calls[-most:])
