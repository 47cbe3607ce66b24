# wrong: seeds "everything" for reproducibility and puts back only PyTorch's generator | violates: "The global random generators of Python, NumPy and PyTorch are afterwards as they were."
import random

import torch


def _seed_everything(seed):
    random.seed(seed)
    torch.random.default_generator.manual_seed(seed)


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    before = torch.get_rng_state()
    _seed_everything(seed)
    weights = counts.double() + 1
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = torch.multinomial(weights[i], 1).item()
        text += letters[i]
    torch.set_rng_state(before)
    return text
