"""The positions of transformers' DistilBERT."""

import torch
from transformers.models.distilbert.modeling_distilbert import create_sinusoidal_embeddings


def sinusoidal(length, width):
    """Theirs, where there are pairs."""
    if width < 2 or width % 2:
        raise ValueError("the width is even")
    table = torch.empty(length, width)
    create_sinusoidal_embeddings(length, width, table)
    return table.detach()
