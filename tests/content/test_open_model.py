"""The milestone's open model: from the bytes of a file to a conversation, on the references."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from grader.base.paths import find_user_cache
from grader.grading.worker.loader import load_standalone, remove_exercises
from grader.milestones.process import PartsFinder
from grader.openmodel import SMOLLM2, find_file

pytestmark = pytest.mark.slow

gguf = pytest.importorskip("gguf")

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEADS, KV_HEADS, HIDDEN, LAYERS, CONTEXT = 64, 4, 2, 96, 2, 400
SIZES = {
    "attn_q": (WIDTH, WIDTH),
    "attn_k": (WIDTH // 2, WIDTH),
    "attn_v": (WIDTH // 2, WIDTH),
    "attn_output": (WIDTH, WIDTH),
    "ffn_gate": (HIDDEN, WIDTH),
    "ffn_up": (HIDDEN, WIDTH),
    "ffn_down": (WIDTH, HIDDEN),
}


@pytest.fixture
def program() -> Iterator[ModuleType]:
    """The milestone's program, with the references as its parts."""
    remove_exercises()
    finder = PartsFinder(ROOT, {})
    sys.meta_path.insert(0, finder)
    yield load_standalone(ROOT / "curriculum" / "milestones" / "open_model.py")
    sys.meta_path.remove(finder)
    remove_exercises()


@pytest.fixture
def tiny(program: ModuleType, tmp_path: Path) -> Path:
    """A file with a small random Llama in blocks of eight bits, and a vocabulary of bytes."""
    from exercises.tokenizer.smollm import byte_letters  # type: ignore[import-not-found]

    torch.manual_seed(5)
    path = tmp_path / "tiny.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(5_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    tokens = ["<|im_start|>", "<|im_end|>", *byte_letters(), "us", "er"]
    writer.add_token_list(tokens)
    writer.add_token_merges(["u s", "e r"])
    kinds = gguf.GGMLQuantizationType
    add_tensor(writer, "token_embd.weight", torch.randn(len(tokens), WIDTH), kinds.Q8_0)
    for block in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            add_tensor(writer, f"blk.{block}.{name}.weight", 1 + torch.rand(WIDTH), kinds.F32)
        for name, size in SIZES.items():
            kind = kinds.Q4_1 if name == "ffn_up" else kinds.Q8_0
            add_tensor(writer, f"blk.{block}.{name}.weight", torch.randn(size) / 4, kind)
    add_tensor(writer, "output_norm.weight", 1 + torch.rand(WIDTH), kinds.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def add_tensor(writer: Any, name: str, values: torch.Tensor, kind: Any) -> None:
    """One tensor, quantized by the library."""
    writer.add_tensor(name, gguf.quantize(values.numpy(), kind), raw_dtype=kind)


def answer_uncached(model: Any, messages: list[dict[str, str]], tokens: int) -> list[int]:
    """The most probable tokens, each from the logits of the whole conversation."""
    from exercises.finetuning.chat_template import encode_chat  # type: ignore[import-not-found]

    ids = encode_chat(messages, model.tokenizer.encode, model.start, model.end, True)[0]
    answer = list[int]()
    with torch.no_grad():
        while len(answer) < tokens:
            token = int(model.llama(torch.tensor([[*ids, *answer]]))[0, -1].argmax())
            if token == model.end:
                break
            answer.append(token)
    return answer


def test_the_tensors_are_those_of_the_library(program: ModuleType, tiny: Path) -> None:
    """The model's weights are the library's, bit for bit."""
    model = program.OpenModel(tiny)
    theirs = {one.name: one for one in gguf.GGUFReader(tiny).tensors}
    up = theirs["blk.1.ffn_up.weight"]
    want = torch.tensor(gguf.dequantize(up.data, up.tensor_type))
    assert torch.equal(model.llama.blocks[1].feed_forward.up.weight, want)
    assert model.heads == HEADS and model.kv_heads == KV_HEADS and model.base == 5_000.0


def test_a_conversation_is_that_of_the_model_without_a_cache(
    program: ModuleType, tiny: Path
) -> None:
    """Two questions are answered as from the logits of all that was said before."""
    model = program.OpenModel(tiny)
    chat = program.Chat(model)
    said: list[dict[str, str]] = []
    for text in ("hi", "and?"):
        said = [*said, {"role": "user", "content": text}]
        want = model.tokenizer.decode(answer_uncached(model, said, 6))
        assert "".join(chat.answer(text, 6, t=0)) == want
        said = [*said, {"role": "assistant", "content": want}]
    assert chat.messages == said


def test_a_conversation_ends_where_the_model_reads_no_further(
    program: ModuleType, tiny: Path
) -> None:
    """The answer stops, and the chat says that it is full."""
    chat = program.Chat(program.OpenModel(tiny))
    list(chat.answer("hi", 1000, t=1.0))
    assert chat.is_full or chat.written < 1000
    list(chat.answer("x" * CONTEXT, 5, t=0))
    assert chat.is_full and chat.written == 0


def test_a_seed_draws_the_same_answer_again(program: ModuleType, tiny: Path) -> None:
    """Equal seeds give equal answers, and another one another answer."""
    model = program.OpenModel(tiny)
    texts = ["".join(program.Chat(model, seed).answer("hi", 12, t=1.0)) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_the_real_model_answers_as_in_transformers(program: ModuleType) -> None:
    """Each answer that the milestone compares is what Transformers gives for the same file."""
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    file = find_file(SMOLLM2, find_user_cache())
    if file is None:
        pytest.skip("not fetched: grade fetch smollm2")
    theirs = transformers.AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, dtype=torch.float32
    ).eval()
    model = program.OpenModel(file)
    for question, due in program.ANSWERS.items():
        chat = program.Chat(model, context=256)
        assert "".join(chat.answer(question, program.TOKENS, t=0)) == due
        chat.messages.pop()
        ids = torch.tensor([chat.encode()])
        with torch.no_grad():
            answer = theirs.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=program.TOKENS,
                eos_token_id=model.end,
            )[0, ids.shape[1] :].tolist()
        written = answer[: answer.index(model.end)] if model.end in answer else answer
        assert model.tokenizer.decode(written) == due
