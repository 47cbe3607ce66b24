"""The process apart: a real model in the learner's code, which answers one question greedily.

It reads a ``Talk`` as JSON from its standard input and writes a line of JSON for each piece of
the answer, then that it is done or what the trouble was. What the learner's code prints goes
to standard error.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import torch

from grader.engine.loader import Exercises
from grader.engine.process import die_with_parent, limit_memory
from grader.harmless import harmless
from grader.openmodel.gguf_file import File

EXERCISE = "model/load_llama"
END = ("<|im_end|>", "<|endoftext|>")


def main() -> None:
    """Answer the question on standard input."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    die_with_parent()
    talk: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    limit_memory(talk["memory_mb"])
    try:
        for piece in answer(talk):
            _tell(channel, piece=piece)
    except BaseException as error:  # the learner's code may raise anything at all
        _tell(channel, trouble=_trouble(error, Path(talk["root"]), talk["code"]))
    else:
        _tell(channel, done="")


def answer(talk: dict[str, Any]) -> Iterator[str]:
    """The likeliest answer, piece by piece."""
    file = File(Path(talk["model"]))
    tokens = file.tokens()
    model = loaded(file, Path(talk["root"]) / talk["code"])
    ids = tokens.question(talk["question"])
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    ends = [tokens.special(token) for token in END]
    for _ in range(talk["tokens"]):
        following = _likeliest(model, ids)
        if following in ends:
            break
        ids.append(following)
        yield decoder.decode(tokens.decode([following]))
    yield decoder.decode(b"", final=True)


def loaded(file: File, code: Path) -> Any:
    """The model that the ``load_llama`` of a folder of exercises makes of the file."""
    path = code / f"{EXERCISE}.py"
    module = Exercises(EXERCISE, path.read_text("utf-8"), str(path), code).load()
    of = file.settings()
    return module.load_llama(file.tensors(), of.heads, of.kv_heads, of.base, of.eps)


def _likeliest(model: Any, ids: list[int]) -> int:
    """The token with the highest logit after the last of ``ids``."""
    with torch.no_grad():
        logits = model(torch.tensor([ids]))
    if not isinstance(logits, torch.Tensor) or logits.dim() != 3 or logits.shape[1] != len(ids):
        shape = tuple(getattr(logits, "shape", ()))
        raise ValueError(f"logits (1, {len(ids)}, V) are due, and {shape} came")
    if not bool(torch.isfinite(logits[0, -1]).all()):
        raise ValueError("the logits are NaN or infinite")
    return int(logits[0, -1].argmax())


def _trouble(error: BaseException, root: Path, code: str) -> str:
    """What was raised, and the last line of the exercises where it was."""
    places = [
        f"{Path(frame.filename).relative_to(root).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(root / code)
    ]
    where = f"{places[-1]}: " if places else ""
    return harmless(f"{where}{type(error).__name__}: {error}", 4000)


def _tell(channel: TextIO, **said: str) -> None:
    channel.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
