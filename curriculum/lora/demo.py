"""LoRA's demo: how many parameters of a layer are trained."""

import re

from torch import nn

from exercises.lora.lora_linear import LoRALinear

LARGEST = 8192


def run(text: str) -> None:
    """Print the trained and frozen parameters of a layer: features in, features out, rank."""
    sizes = [int(word) for word in re.findall(r"\d+", text)]
    if len(sizes) != 3 or not all(1 <= size <= LARGEST for size in sizes):
        print(f"Give three sizes from 1 to {LARGEST}: features in, features out and the rank.")
        return
    inside, outside, rank = sizes
    layer = LoRALinear(nn.Linear(inside, outside), rank, alpha=float(rank))
    trained = sum(p.numel() for p in layer.parameters() if p.requires_grad)
    frozen = sum(p.numel() for p in layer.parameters() if not p.requires_grad)
    print(f"A linear layer from {inside} to {outside} features with LoRA of rank {rank}:")
    print(f"  frozen   {frozen:>12,} parameters")
    print(f"  trained  {trained:>12,} parameters, {100 * trained / (frozen + trained):.2f} %")
