"""Right answers pass: libraries that were not written here, wrapped as sample answers.

``tests/peers/<unit>/<exercise>.py`` hands the work to torch, transformers, tokenizers, tiktoken,
regex, gguf, safetensors or bitsandbytes (the extra ``peers``), which may use what the contract says
is not to be used. A peer that fails shows a fault in the checks, or a sentence that the contract
lacks.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_grading import COURSE, HERE, list_complaints, name_sample

from grader.authoring.sample_answers import (
    SampleAnswer,
    list_orphans,
    list_samples,
)
from grader.grading.client import Engine

pytestmark = pytest.mark.gate


@pytest.mark.parametrize("peer", list_samples(HERE, COURSE, "peers"), ids=name_sample)
def test_a_library_passes_every_check(engine: Engine, peer: SampleAnswer) -> None:
    """What the field computes with is right by our checks as well."""
    if lacking := peer.list_missing():
        pytest.skip(f"{', '.join(lacking)} is not installed: pip install -e '.[peers]'")
    assert list_complaints(engine, peer) == []


def test_every_peer_is_for_an_exercise() -> None:
    """A file that is named after no exercise would never be graded."""
    assert list_orphans(HERE, COURSE, "peers") == []


def test_what_a_contract_forbids_is_refused_to_a_style_and_granted_to_a_peer(
    engine: Engine,
) -> None:
    """torch.softmax solves the exercise, and is not the learner's own."""
    peer = next(one for one in list_samples(HERE, COURSE, "peers") if one.path.stem == "softmax")
    assert list_complaints(engine, peer) == []
    refused = list_complaints(engine, replace(peer, kind="styles"))
    assert "torch.softmax may not be used" in refused[0]
