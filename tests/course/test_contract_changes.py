"""The sentences of a contract that a learner's file does not have yet."""

from __future__ import annotations

from grader.course.source.contract_changes import find_new_sentences

STUB = '''"""Two."""


def double(x):
    """Return twice the number.

    The rule is 2 x. Zero stays zero.

    Args:
        x: a number of any
            size. Text is refused.

    >>> double(2)
    4
    """
    raise NotImplementedError("write double (about 1 line)")
'''


def test_a_file_with_the_same_docstrings_lacks_nothing() -> None:
    """Code and layout of a learner's file do not matter, nor does the example."""
    own = STUB.replace('raise NotImplementedError("write double (about 1 line)")', "return x + x")
    own = own.replace("number of any\n            size.", "number\n            of any size.")
    assert find_new_sentences(STUB, own) == []


def test_changed_and_added_sentences_are_named() -> None:
    """What an older stub did not say is new, each sentence by itself."""
    own = STUB.replace("Zero stays zero.", "").replace("Text is refused.", "Text is doubled too.")
    assert find_new_sentences(STUB, own) == ["Zero stays zero.", "Text is refused."]


def test_to_a_file_without_docstrings_everything_is_new() -> None:
    """A file that was written from nothing, or is no Python, lacks every sentence."""
    sentences = ["Two.", "Return twice the number.", "The rule is 2 x.", "Zero stays zero."]
    assert find_new_sentences(STUB, "not python (")[:4] == sentences
