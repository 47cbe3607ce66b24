"""torch.nn.LayerNorm."""

from torch import nn


class LayerNorm(nn.LayerNorm):
    """Torch's own."""

    def __init__(self, width, eps=1e-5):
        super().__init__(width, eps)
