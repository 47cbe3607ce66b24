"""A GGUF file of a Llama: its tensors in float32, its hyperparameters and its tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import torch

from grader.openmodel.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """The hyperparameters that the tensors' shapes do not give: the arguments of ``load_llama``."""

    heads: int
    kv_heads: int
    base: float
    eps: float


class GgufFile:
    """One opened GGUF file."""

    def __init__(self, path: Path) -> None:
        self._reader = gguf.GGUFReader(path)

    def read_tensors(self) -> dict[str, torch.Tensor]:
        """Return every tensor by its name in the file, dequantized to float32."""
        return {
            tensor.name: torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type))
            for tensor in self._reader.tensors
        }

    def read_settings(self) -> LlamaSettings:
        """Return the hyperparameters that the header gives."""
        return LlamaSettings(
            heads=int(self._read_field("llama.attention.head_count")),
            kv_heads=int(self._read_field("llama.attention.head_count_kv")),
            base=float(self._read_field("llama.rope.freq_base")),
            eps=float(self._read_field("llama.attention.layer_norm_rms_epsilon")),
        )

    def read_tokenizer(self) -> Tokenizer:
        """Return the tokenizer whose tokens and merges the header contains."""
        tokens = self._read_field("tokenizer.ggml.tokens")
        return Tokenizer(tokens, self._read_field("tokenizer.ggml.merges"))

    def _read_field(self, name: str) -> Any:
        field = self._reader.get_field(name)
        if field is None:
            raise ValueError(f"the file's header lacks {name}")
        return field.contents()
