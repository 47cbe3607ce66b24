"""transformers' GPT-2 with the weights of our parts, which it stores as (in, out)."""

import torch
from torch import nn
from torch.func import functional_call
from transformers import GPT2Config, GPT2LMHeadModel

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """Theirs, called with our parameters."""

    def __init__(self, vocabulary, context, width, layers, heads):
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.positions = LearnedPositions(context, width)
        self.blocks = nn.ModuleList([TransformerBlock(width, heads) for _ in range(layers)])
        self.norm = LayerNorm(width)
        self.context = context
        config = GPT2Config(
            vocab_size=vocabulary,
            n_positions=context,
            n_embd=width,
            n_layer=layers,
            n_head=heads,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
        )
        self._theirs = [GPT2LMHeadModel(config).eval()]

    def forward(self, ids):
        """The logits of theirs."""
        if ids.shape[1] > self.context:
            raise ValueError("the text is longer than the context")
        given = {"wte.weight": self.tokens.weight, "wpe.weight": self.positions.weight}
        given |= _both("ln_f", self.norm)
        for i, block in enumerate(self.blocks):
            given |= _both(f"h.{i}.ln_1", block.norm1) | _both(f"h.{i}.ln_2", block.norm2)
            attention, forward = block.attention, block.feed_forward
            layers = attention.query, attention.key, attention.value
            given[f"h.{i}.attn.c_attn.weight"] = torch.cat([part.weight for part in layers]).T
            given[f"h.{i}.attn.c_attn.bias"] = torch.cat([part.bias for part in layers])
            for name, layer in [
                ("attn.c_proj", attention.out),
                ("mlp.c_fc", forward.up),
                ("mlp.c_proj", forward.down),
            ]:
                given[f"h.{i}.{name}.weight"] = layer.weight.T
                given[f"h.{i}.{name}.bias"] = layer.bias
        given = {f"transformer.{name}": tensor for name, tensor in given.items()}
        return functional_call(self._theirs[0], given, (ids,), {"use_cache": False}).logits


def _both(name, layer):
    return {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
