"""Quantization's demo: numbers as int8, and back."""

import re

import torch

from exercises.quantization.absmax_int8 import dequantize, quantize


def run(text: str) -> None:
    """Print each number of a text as int8 and restored, and how far off it is."""
    numbers = [float(word) for word in re.findall(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", text)]
    if not numbers:
        print("Give numbers, such as: 0.1 -0.5 2 3.14")
        return
    x = torch.tensor(numbers)
    q, scale = quantize(x)
    print(f"scale {scale.item():.6g}: each number can be off by {scale.item() / 2:.2g}")
    print(f"  {'number':>12} {'int8':>6} {'restored':>12} {'error':>10}")
    for number, code, back in zip(numbers, q.tolist(), dequantize(q, scale).tolist(), strict=True):
        print(f"  {number:>12.6g} {code:>6} {back:>12.6g} {back - number:>10.1e}")
