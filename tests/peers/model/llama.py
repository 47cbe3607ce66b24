"""transformers' Llama with the weights of our parts."""

from torch import nn
from torch.func import functional_call
from transformers import LlamaConfig, LlamaForCausalLM

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


class LlamaBlock(nn.Module):
    """A layer of ours, which is only called by itself."""

    def __init__(self, width, heads, kv_heads, hidden, base, eps):
        super().__init__()
        self.norm1, self.norm2 = RMSNorm(width, eps), RMSNorm(width, eps)
        self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
        self.feed_forward = SwiGLU(width, hidden)

    def forward(self, x):
        """One layer."""
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class Llama(nn.Module):
    """Theirs, called with our parameters."""

    def __init__(self, vocabulary, width, layers, heads, kv_heads, hidden, base=10000.0, eps=1e-5):
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.blocks = nn.ModuleList(
            [LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)]
        )
        self.norm = RMSNorm(width, eps)
        config = LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=width,
            intermediate_size=hidden,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            num_key_value_heads=kv_heads,
            rms_norm_eps=eps,
            rope_parameters={"rope_type": "default", "rope_theta": base},
            tie_word_embeddings=True,
            pad_token_id=None,
            bos_token_id=0,
            eos_token_id=0,
        )
        self._theirs = [LlamaForCausalLM(config).eval()]

    def forward(self, ids):
        """The logits of theirs."""
        given = {"embed_tokens.weight": self.tokens.weight, "norm.weight": self.norm.weight}
        for i, block in enumerate(self.blocks):
            given[f"layers.{i}.input_layernorm.weight"] = block.norm1.weight
            given[f"layers.{i}.post_attention_layernorm.weight"] = block.norm2.weight
            for ours, theirs in [("query", "q"), ("key", "k"), ("value", "v"), ("out", "o")]:
                weight = getattr(block.attention, ours).weight
                given[f"layers.{i}.self_attn.{theirs}_proj.weight"] = weight
            for name in ("gate", "up", "down"):
                weight = getattr(block.feed_forward, name).weight
                given[f"layers.{i}.mlp.{name}_proj.weight"] = weight
        given = {f"model.{name}": tensor for name, tensor in given.items()}
        return functional_call(self._theirs[0], given, (ids,), {"use_cache": False}).logits
