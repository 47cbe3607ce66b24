"""The tokenizer unit put together: GPT-2's and SmolLM2's own ids, and a trainer that is fast.

All parts are the references here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from mixed_text import ROOT, mixed

from grader.base.paths import Workspace, find_user_cache
from grader.grading.worker.loader import ExerciseFinder, remove_exercises
from grader.openmodel import SMOLLM2, find_file

pytestmark = pytest.mark.slow

HERE = Workspace(ROOT)
SPECIAL = {"<|endoftext|>": 50256}
SHAKESPEARE = ROOT / "curriculum" / "data" / "shakespeare.txt"
VOCABULARY = 1000


@pytest.fixture
def reference() -> Iterator[Callable[[str], ModuleType]]:
    """``reference("bpe_fast")``: a reference of the unit, with references for all it needs."""

    def load(name: str) -> ModuleType:
        path = HERE.locate_reference(f"tokenizer/{name}")
        others = ROOT / "solutions"
        text = path.read_text("utf-8")
        return ExerciseFinder(f"tokenizer/{name}", text, str(path), others).load()

    yield load
    remove_exercises()


@pytest.fixture
def gpt2(reference: Callable[[str], ModuleType]) -> Any:
    """The tokenizer with the vocabulary of GPT-2."""
    module = reference("gpt2_vocabulary")
    ranks = module.read_ranks((ROOT / "curriculum" / "data" / "gpt2.tiktoken").read_text("utf-8"))
    return module.GPT2Tokenizer(ranks, SPECIAL)


def test_the_mixed_text_is_a_megabyte_of_everything() -> None:
    """The text has the size and the kinds of characters that the other tests speak of."""
    text = mixed()
    assert len(text.encode("utf-8")) >= 1_000_000
    for sample in ("def ", "'ll", "\u200d", " " * 50, "\n\n", "\u3000", "。"):
        assert sample in text


def test_a_megabyte_of_mixed_text_has_tiktokens_ids(gpt2: Any) -> None:
    """English, code, emoji, CJK and runs of white space: the same ids, and the same text back."""
    tiktoken = pytest.importorskip("tiktoken")
    public = pytest.importorskip("tiktoken_ext.openai_public")
    theirs = tiktoken.Encoding(
        "gpt2",
        pat_str=public.r50k_pat_str,
        mergeable_ranks=gpt2._ranks,
        special_tokens=SPECIAL,
    )
    text = "<|endoftext|>".join([mixed(1_000_000), mixed(50_000, seed=5), ""])
    ids = gpt2.encode(text)
    assert ids == theirs.encode(text, allowed_special="all")
    assert gpt2.decode(ids) == text


def test_a_megabyte_is_encoded_in_seconds(gpt2: Any) -> None:
    """Encoding takes less than ten seconds of the processor's time."""
    text = mixed()
    began = time.process_time()
    gpt2.encode(text)
    assert time.process_time() - began < 10


def test_mixed_text_has_the_ids_of_the_real_smollm2(reference: Callable[[str], ModuleType]) -> None:
    """With the tokens and merges of the model's file, the ids are those of Hugging Face's code."""
    file = find_file(SMOLLM2, find_user_cache())
    if file is None:
        pytest.skip("not verified here: grade fetch smollm2 has not been run")
    gguf, transformers = map(pytest.importorskip, ("gguf", "transformers"))
    fields = gguf.GGUFReader(file).fields
    names = ("tokens", "merges", "pre")
    tokens, merges, kind = (fields[f"tokenizer.ggml.{name}"].contents() for name in names)
    theirs = transformers.AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    theirs = theirs.backend_tokenizer
    # Their reader of GGUF knows no kind "smollm": it cuts as GPT-2 does, and digits not at all.
    assert kind == "smollm"
    cuts = pytest.importorskip("tokenizers.pre_tokenizers")
    theirs.pre_tokenizer = cuts.Sequence([cuts.Digits(True), cuts.ByteLevel(False)])
    module = reference("smollm")
    lacking = {byte for byte, letter in enumerate(module.byte_letters()) if letter not in tokens}
    assert len(lacking) == 21
    text = "".join(c for c in mixed(100_000) if not lacking & {*c.encode("utf-8")})
    ours = module.SmolLMTokenizer(tokens, merges)
    ids = ours.encode(text)
    assert ids == theirs.encode(text, add_special_tokens=False).ids
    assert ours.decode(ids) == text


def test_what_is_trained_fast_encodes_and_decodes(reference: Callable[[str], ModuleType]) -> None:
    """Merges of bpe_fast are those of bpe_train, and all who use them agree on the ids."""
    text = SHAKESPEARE.read_text("utf-8")[:50_000]
    merges = reference("bpe_fast").bpe_fast(text, 256 + 50)
    assert merges == reference("bpe_train").bpe_train(text, 256 + 50)
    ids = reference("bpe_encode").bpe_encode(text[:5000], merges)
    assert reference("bpe_decode").bpe_decode(ids, merges) == text[:5000]
    ranks = {bytes([byte]): byte for byte in range(256)}
    ranks |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
    by_rank = reference("gpt2_vocabulary").GPT2Tokenizer(ranks)
    assert by_rank.encode_piece(text[:1000]) == reference("bpe_encode").bpe_encode(
        text[:1000], merges
    )


def test_a_thousand_tokens_train_thirty_times_as_fast_as_with_bpe_train(
    reference: Callable[[str], ModuleType],
) -> None:
    """744 merges of bpe_train, each no dearer than the last and shortest, take 30 times as long."""
    text = SHAKESPEARE.read_text("utf-8")
    fast, slow = reference("bpe_fast").bpe_fast, reference("bpe_train").bpe_train
    merges: list[Any] = []
    ours = min(_seconds(lambda: merges.append(fast(text, VOCABULARY))) for _ in range(2))
    # After the last merge some 459,000 tokens are left: as many bytes are counted and merged once.
    shortest = text.encode("utf-8")[:450_000].decode("utf-8", "ignore")
    once = min(_seconds(lambda: slow(shortest, 257)) for _ in range(3))
    assert len(merges[0]) == VOCABULARY - 256
    assert len(merges[0]) * once >= 30 * ours


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
