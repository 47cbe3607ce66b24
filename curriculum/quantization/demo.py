"""Quantization's demo: numbers in eight bits and in four, restored, and how far off they are."""

import re

import torch

from exercises.quantization.absmax_int8 import dequantize as restore_int8
from exercises.quantization.absmax_int8 import quantize as make_int8
from exercises.quantization.group_int4 import dequantize as restore_int4
from exercises.quantization.group_int4 import pack
from exercises.quantization.group_int4 import quantize as make_int4


def run(text: str) -> None:
    """Print each number of a text, restored from each kind of integers."""
    numbers = [float(word) for word in re.findall(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", text)]
    if not numbers:
        print("Give numbers, such as: 0.1 -0.5 2 3.14")
        return
    x = torch.tensor(numbers)
    q8, scale8 = make_int8(x)
    q4, scale4 = make_int4(x)
    print("Each number as it is restored, and in brackets the integer that is stored:")
    print(f"  {'number':>12} {'int8':>20} {'four bits':>20}")
    columns = [(q8, restore_int8(q8, scale8)), (q4, restore_int4(q4, scale4))]
    for i, number in enumerate(numbers):
        cells = [f"{back[i].item():>13.6g} ({codes[i].item():>4})" for codes, back in columns]
        print(f"  {number:>12.6g} {' '.join(cells)}")
    halves = [scale8.item() / 2, scale4.max().item() / 2]
    print(f"  {'off by at most':>14}" + "".join(f" {half:>18.2g} " for half in halves))
    print(f"The four-bit integers packed: {pack(q4).tolist()}")
