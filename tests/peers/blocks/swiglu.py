"""The MLP of transformers' Llama."""

from torch import nn
from torch.func import functional_call
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaMLP


class SwiGLU(nn.Module):
    """Theirs, with the weights of three layers."""

    def __init__(self, width, hidden):
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)
        config = LlamaConfig(hidden_size=width, intermediate_size=hidden, num_attention_heads=1)
        self._theirs = [LlamaMLP(config)]

    def forward(self, x):
        """Treat every vector."""
        weights = {
            f"{name}_proj.weight": getattr(self, name).weight for name in ("gate", "up", "down")
        }
        return functional_call(self._theirs[0], weights, (x,))
