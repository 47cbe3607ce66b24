"""The separate process in which the learner's code runs a real model and answers one question.

It reads a ``Question`` as JSON from standard input and writes one line of JSON for each piece of
the answer, decoded greedily, and then one that says that it is done or which error was raised.
What the learner's code prints goes to standard error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.grading.system.isolation import die_with_parent
from grader.grading.system.memory import limit_memory
from grader.grading.system.messages import Channel
from grader.grading.worker.loader import ExerciseFinder
from grader.grading.worker.uncaught import describe_raised
from grader.openmodel.gguf_file import GgufFile
from grader.openmodel.greedy import decode_greedily

EXERCISE = "model/load_llama"


def main() -> None:
    """Answer the question on standard input."""
    channel = Channel()
    die_with_parent()
    question = channel.read_order()
    limit_memory(question["memory_mb"])
    try:
        for piece in generate(question):
            channel.send(piece=piece)
    except BaseException as error:  # the learner's code may raise anything at all
        error_text = describe_raised(error, Path(question["root"]), [question["code"]])
        channel.send(error=error_text)
    else:
        channel.send(done="")


def generate(question: dict[str, Any]) -> Iterator[str]:
    """Yield the greedily decoded answer, piece by piece."""
    file = GgufFile(Path(question["model"]))
    model = load_model(file, Path(question["root"]) / question["code"])
    words, tokens = question["question"], question["tokens"]
    yield from decode_greedily(model, file.read_tokenizer(), words, tokens)


def load_model(file: GgufFile, code: Path) -> Any:
    """Return the model that ``load_llama`` of this folder of exercises builds from the file."""
    path = code / f"{EXERCISE}.py"
    module = ExerciseFinder(EXERCISE, path.read_text("utf-8"), str(path), code).load()
    of = file.read_settings()
    return module.load_llama(file.read_tensors(), of.heads, of.kv_heads, of.base, of.eps)


if __name__ == "__main__":
    main()
