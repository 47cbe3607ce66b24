"""torch.nn.Embedding."""

from torch import nn


class TokenEmbedding(nn.Embedding):
    """Torch's own, drawn as GPT draws it."""

    def __init__(self, vocabulary, width):
        super().__init__(vocabulary, width)
        nn.init.normal_(self.weight, std=0.02)
