"""Greedy decoding: the most probable token each time, as text that comes piece by piece."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any

import torch

from grader.openmodel.tokenizer import Tokenizer

END = ("<|im_end|>", "<|endoftext|>")


def decode_greedily(model: Any, tokenizer: Tokenizer, question: str, tokens: int) -> Iterator[str]:
    """Yield the model's answer to a question, of at most so many tokens, piece by piece."""
    ids = tokenizer.encode_question(question)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    ends = [tokenizer.look_up(token) for token in END]
    for _ in range(tokens):
        token = _pick_token(model, ids)
        if token in ends:
            break
        ids.append(token)
        # A character's bytes may be spread over several tokens; the decoder holds back what is
        # incomplete until the rest has come.
        yield decoder.decode(tokenizer.decode([token]))
    yield decoder.decode(b"", final=True)


def _pick_token(model: Any, ids: list[int]) -> int:
    """Return the token with the highest logit after the last of ``ids``."""
    with torch.no_grad():
        logits = model(torch.tensor([ids]))
    if not isinstance(logits, torch.Tensor) or logits.dim() != 3 or logits.shape[1] != len(ids):
        shape = tuple(getattr(logits, "shape", ()))
        raise ValueError(f"the logits have shape {shape}; (1, {len(ids)}, V) is expected")
    if not bool(torch.isfinite(logits[0, -1]).all()):
        raise ValueError("the logits are NaN or infinite")
    return int(logits[0, -1].argmax())
