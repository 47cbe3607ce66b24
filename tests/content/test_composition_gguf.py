"""GGUF files by our references and by the library gguf: files that it writes, and SmolLM2's own.

All parts are the references here. The tests are skipped where the extra [peers] is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from grader.base.paths import Workspace, find_user_cache
from grader.grading.worker.loader import ExerciseFinder, remove_exercises
from grader.openmodel import SMOLLM2, find_file

gguf = pytest.importorskip("gguf")

HERE = Workspace(Path(__file__).resolve().parents[2])
KINDS = ["Q8_0", "Q4_0", "Q4_1"]


@pytest.fixture
def load() -> Iterator[Any]:
    """Return a function that loads a reference of the unit by its name."""

    def load(name: str) -> Any:
        path = HERE.locate_reference(f"quantization/{name}")
        text = path.read_text("utf-8")
        finder = ExerciseFinder(f"quantization/{name}", text, str(path), HERE.root / "solutions")
        return finder.load()

    yield load
    remove_exercises()


def read_tensors(load: Any, path: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield each tensor of a file, by its header and its blocks, in float32."""
    dequantize = load("gguf_blocks").dequantize
    _, tensors = load("gguf_header").read_header(str(path))
    data = torch.from_numpy(np.memmap(path, mode="c"))
    for name, (shape, kind, start, size) in tensors.items():
        part = data[start : start + size]
        if kind in KINDS:
            weights = dequantize(part.view(*shape[:-1], -1), kind)
            assert weights.shape == shape
        else:
            weights = part.view(torch.float32 if kind == "F32" else torch.float16).reshape(shape)
        yield name, weights.float()


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_library_quantizes_is_decoded_bit_for_bit(load: Any, kind: str) -> None:
    """Blocks of normal numbers, of zeros, and of one sign give the library's own weights."""
    weights = np.random.default_rng(7).standard_normal((64, 320), dtype=np.float32)
    weights[3], weights[5] = 0, np.abs(weights[5])
    weights[8:40] *= np.logspace(-6, 3, 32, dtype=np.float32)[:, None]
    number = gguf.GGMLQuantizationType[kind]
    stored = gguf.quantize(weights, number)
    got = load("gguf_blocks").dequantize(torch.from_numpy(stored), kind)
    assert torch.equal(got, torch.from_numpy(gguf.dequantize(stored, number)))


@pytest.mark.parametrize("alignment", [None, 8, 64])
def test_a_file_that_the_library_writes_is_read(
    load: Any, tmp_path: Path, alignment: int | None
) -> None:
    """Metadata, shapes, types and places are those that the library writes, and reads itself."""
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    if alignment:
        writer.add_custom_alignment(alignment)
    writer.add_uint32("llama.block_count", 30)
    writer.add_float32("llama.rope.freq_base", 100_000.0)
    writer.add_bool("tokenizer.ggml.add_bos_token", False)
    writer.add_array("tokenizer.ggml.tokens", ["a", "Ġthe", "größer"])
    writer.add_array("tokenizer.ggml.token_type", [1, 3, -1])
    weights = np.random.default_rng(8).standard_normal((6, 96), dtype=np.float32)
    for kind in KINDS:
        number = gguf.GGMLQuantizationType[kind]
        writer.add_tensor(kind, gguf.quantize(weights, number), raw_dtype=number)
    writer.add_tensor("vector", weights[0, :5])
    writer.add_tensor("half", weights[:, :7].astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    metadata, _ = load("gguf_header").read_header(str(path))
    assert metadata["general.architecture"] == "llama"
    assert metadata["llama.block_count"] == 30
    assert metadata["llama.rope.freq_base"] == 100_000.0
    assert metadata["tokenizer.ggml.add_bos_token"] is False
    assert metadata["tokenizer.ggml.tokens"] == ["a", "Ġthe", "größer"]
    assert metadata["tokenizer.ggml.token_type"] == [1, 3, -1]
    compare_tensors(load, path, alignment or 32)


@pytest.mark.slow
def test_smollm2_is_read_as_the_library_reads_it(load: Any) -> None:
    """All metadata and all 272 tensors of the real file are the library's, bit for bit."""
    path = find_file(SMOLLM2, find_user_cache())
    if path is None:
        pytest.skip("not fetched: grade fetch smollm2")
    metadata, tensors = load("gguf_header").read_header(str(path))
    theirs = gguf.GGUFReader(path)
    for key, value in metadata.items():
        assert theirs.get_field(key).contents() == value, key
    assert len(metadata) == len([name for name in theirs.fields if not name.startswith("GGUF.")])
    assert len(tensors) == 272
    compare_tensors(load, path, 32)


def compare_tensors(load: Any, path: Path, alignment: int) -> None:
    """Assert that each tensor of a file is what the library makes of it."""
    theirs = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    _, places = load("gguf_header").read_header(str(path))
    assert list(places) == list(theirs)
    for name, weights in read_tensors(load, path):
        tensor = theirs[name]
        assert places[name][1:] == (tensor.tensor_type.name, tensor.data_offset, tensor.n_bytes)
        assert tensor.data_offset % alignment == 0
        want = torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type))
        assert torch.equal(weights, want.reshape(weights.shape)), name
