"""A GGUF file of a Llama: its tensors in float32, its settings and its tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import torch

from grader.openmodel.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Settings:
    """What the tensors' shapes do not tell: the arguments of ``load_llama``."""

    heads: int
    kv_heads: int
    base: float
    eps: float


class File:
    """One file, opened."""

    def __init__(self, path: Path) -> None:
        self._reader = gguf.GGUFReader(path)

    def tensors(self) -> dict[str, torch.Tensor]:
        """Every tensor by its name in the file, decoded to float32."""
        return {
            tensor.name: torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type))
            for tensor in self._reader.tensors
        }

    def settings(self) -> Settings:
        """The numbers of the header that a Llama needs."""
        return Settings(
            heads=int(self._field("llama.attention.head_count")),
            kv_heads=int(self._field("llama.attention.head_count_kv")),
            base=float(self._field("llama.rope.freq_base")),
            eps=float(self._field("llama.attention.layer_norm_rms_epsilon")),
        )

    def tokens(self) -> Tokens:
        """The tokenizer."""
        return Tokens(self._field("tokenizer.ggml.tokens"), self._field("tokenizer.ggml.merges"))

    def _field(self, name: str) -> Any:
        field = self._reader.get_field(name)
        if field is None:
            raise ValueError(f"the file's header lacks {name}")
        return field.contents()
