"""The MLP of transformers' GPT-2, which stores its weights as (in, out)."""

from torch import nn
from torch.func import functional_call
from transformers import GPT2Config
from transformers.models.gpt2.modeling_gpt2 import GPT2MLP


class FeedForward(nn.Module):
    """Theirs, with the weights of two layers."""

    def __init__(self, width, hidden):
        super().__init__()
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self._theirs = [GPT2MLP(hidden, GPT2Config(n_embd=width, resid_pdrop=0.0))]

    def forward(self, x):
        """Treat every vector."""
        weights = {
            "c_fc.weight": self.up.weight.T,
            "c_fc.bias": self.up.bias,
            "c_proj.weight": self.down.weight.T,
            "c_proj.bias": self.down.bias,
        }
        return functional_call(self._theirs[0], weights, (x.contiguous(),))  # they use view
