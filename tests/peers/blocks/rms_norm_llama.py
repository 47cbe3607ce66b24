"""The norm of transformers' Llama."""

from transformers.models.llama.modeling_llama import LlamaRMSNorm


class RMSNorm(LlamaRMSNorm):
    """Theirs, with our default."""

    def __init__(self, width, eps=1e-5):
        super().__init__(width, eps)
