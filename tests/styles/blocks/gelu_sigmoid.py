"""GELU with a sigmoid: half of 1 + tanh(a) is the sigmoid of 2 a."""

import torch


def gelu(x):
    """Bend each number by itself."""
    root = (2 / torch.pi) ** 0.5
    return x * torch.sigmoid(2 * root * x * (1 + 0.044715 * x.square()))
