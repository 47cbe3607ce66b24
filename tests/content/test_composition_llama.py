"""Our Llama against Hugging Face's: random weights, and the real SmolLM2 where it was fetched.

All parts are the references here. The tests are skipped where the extra [peers] is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.base.paths import Workspace, find_user_cache
from grader.grading.worker.loader import ExerciseFinder, remove_exercises
from grader.openmodel import SMOLLM2, find_file

pytestmark = pytest.mark.slow

HERE = Workspace(Path(__file__).resolve().parents[2])
EXERCISE = "model/load_llama"
THEIRS = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
QUESTION = "What is the capital of France?"
TEXT = (
    "It's 1999; they'll have 3 cats,  10 dogs and\ta na\u00efve fox\u2026\n\n"
    "def f(x):\n    return x ** 2  # \u4f60\u597d \U0001f98a\n   \nM\u00fcller\u2019s 12,50 \u20ac"
)

transformers = pytest.importorskip("transformers")


@pytest.fixture
def load_llama() -> Iterator[Any]:
    """The reference."""
    path = HERE.locate_reference(EXERCISE)
    text = path.read_text("utf-8")
    yield ExerciseFinder(EXERCISE, text, str(path), HERE.root / "solutions").load().load_llama
    remove_exercises()


@pytest.fixture(scope="module")
def smollm2() -> Path:
    """The real model's file, or a skip: tests download nothing."""
    pytest.importorskip("gguf")
    pytest.importorskip("accelerate")
    file = find_file(SMOLLM2, find_user_cache())
    if file is None:
        pytest.skip("not fetched: grade fetch smollm2")
    return file


@pytest.fixture(scope="module")
def theirs(smollm2: Path) -> Any:
    """Transformers' model of the same file, with its weights in float32."""
    model = transformers.AutoModelForCausalLM.from_pretrained(
        smollm2.parent, gguf_file=smollm2.name, dtype=torch.float32
    )
    return model.eval()


@pytest.fixture(scope="module")
def their_tokens(smollm2: Path) -> Any:
    """Hugging Face's tokenizer of the same file.

    Transformers' reader of GGUF passes over the file's ``pre`` ("smollm"), so that of two spaces
    before a digit it makes two tokens; the model's own tokenizer takes digits out first.
    """
    from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence

    tokens = transformers.AutoTokenizer.from_pretrained(smollm2.parent, gguf_file=smollm2.name)
    parts = [Digits(individual_digits=True), ByteLevel(add_prefix_space=False)]
    tokens.backend_tokenizer.pre_tokenizer = Sequence(parts)
    return tokens


def as_gguf(model: Any, heads: int, kv_heads: int) -> dict[str, torch.Tensor]:
    """Hugging Face's weights under the names, and in the layout, of a GGUF file."""
    state = {name.removeprefix("model."): part for name, part in model.state_dict().items()}
    tensors = {
        "token_embd.weight": state["embed_tokens.weight"],
        "output_norm.weight": state["norm.weight"],
    }
    for number in range(model.config.num_hidden_layers):
        for ours, name in THEIRS.items():
            weight = state[f"layers.{number}.{name}.weight"]
            if ours in ("attn_q", "attn_k"):
                count = heads if ours == "attn_q" else kv_heads
                halves = weight.unflatten(0, (count, 2, -1))
                weight = halves.transpose(1, 2).reshape(weight.shape)
            tensors[f"blk.{number}.{ours}.weight"] = weight
    return tensors


@pytest.mark.parametrize(
    ("heads", "kv_heads", "base", "eps"), [(6, 2, 10_000.0, 1e-5), (4, 1, 500_000.0, 1e-6)]
)
def test_random_weights_give_hugging_faces_logits(
    load_llama: Any, heads: int, kv_heads: int, base: float, eps: float
) -> None:
    """From a random Hugging Face Llama come logits equal to theirs within 1e-4."""
    torch.manual_seed(heads)
    config = transformers.LlamaConfig(
        vocab_size=97,
        hidden_size=24 * heads,
        intermediate_size=211,
        num_hidden_layers=3,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        rms_norm_eps=eps,
        rope_parameters={"rope_type": "default", "rope_theta": base},
        tie_word_embeddings=True,
        initializer_range=0.2,
    )
    theirs = transformers.LlamaForCausalLM(config).eval()
    for name, part in theirs.named_parameters():
        if "norm" in name:
            torch.nn.init.normal_(part, 1.0, 0.3)
    ours = load_llama(as_gguf(theirs, heads, kv_heads), heads, kv_heads, base, eps)
    ids = torch.randint(0, 97, (2, 53))
    with torch.no_grad():
        want = theirs(ids).logits
        assert want.std() > 1  # a comparison of zeros would show nothing
        assert (ours(ids) - want).abs().max() < 1e-4


def test_the_real_model_gives_the_logits_of_transformers(
    load_llama: Any, smollm2: Path, theirs: Any
) -> None:
    """SmolLM2's logits are Transformers' within 1e-3, on the same weights."""
    from grader.openmodel.gguf_file import GgufFile

    file = GgufFile(smollm2)
    of = file.read_settings()
    ours = load_llama(file.read_tensors(), of.heads, of.kv_heads, of.base, of.eps)
    ids = torch.tensor([file.read_tokenizer().encode_question(TEXT)])
    with torch.no_grad():
        assert (ours(ids) - theirs(ids).logits).abs().max() < 1e-3


def test_the_real_tokenizer_gives_the_ids_of_hugging_face(smollm2: Path, their_tokens: Any) -> None:
    """A text, code, digits and a conversation have the same ids, and the ids the same text."""
    from grader.openmodel.gguf_file import GgufFile

    tokens = GgufFile(smollm2).read_tokenizer()
    ids = tokens.encode(TEXT)
    assert ids == their_tokens.encode(TEXT)
    assert tokens.decode(ids).decode() == TEXT
    said = [{"role": "user", "content": QUESTION}]
    asked = their_tokens.apply_chat_template(said, add_generation_prompt=True, tokenize=False)
    assert tokens.encode_question(QUESTION) == their_tokens.encode(asked)


def test_the_real_model_answers_as_in_transformers(
    smollm2: Path, theirs: Any, their_tokens: Any
) -> None:
    """``grade talk`` gives the greedy answer of Transformers, word for word."""
    from grader.openmodel import Question
    from grader.openmodel.gguf_file import GgufFile

    ids = torch.tensor([GgufFile(smollm2).read_tokenizer().encode_question(QUESTION)])
    with torch.no_grad():
        answer = theirs.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24
        )
    want = their_tokens.decode(answer[0, ids.shape[1] :], skip_special_tokens=True)
    ours = Question(smollm2, HERE.root, "solutions", QUESTION, tokens=24, seconds=500)
    assert "".join(ours.answer()) == want
    assert "Paris" in want
