"""The blocks' demo: how far a change of one letter reaches through a Transformer block."""

import torch

from exercises.blocks.transformer_block import TransformerBlock

WIDTH, HEADS, LONGEST = 32, 4, 24


def run(text: str) -> None:
    """Print at which letters a block's output changes when the middle letter changes."""
    letters = text[:LONGEST]
    torch.manual_seed(0)
    block, table = TransformerBlock(WIDTH, HEADS), torch.randn(256, WIDTH)
    ids = torch.tensor([ord(letter) % 256 for letter in letters])
    changed, middle = ids.clone(), len(letters) // 2
    changed[middle] = (changed[middle] + 1) % 256
    with torch.no_grad():
        difference = (block(table[changed][None]) - block(table[ids][None]))[0].abs().amax(dim=-1)
    print(f"Letter {middle}, {letters[middle]!r}, is replaced. The block's output changes by:")
    for position, size in enumerate(difference.tolist()):
        print(f"  {position:>3} {letters[position]!r:>4} {size:8.4f}")
    print("Earlier letters do not change: a token sees only itself and what comes before it.")
