"""The data's demo: the windows of a text, as inputs and targets."""

import torch

from exercises.data.sliding_window import sliding_window

CONTEXT, STRIDE, SHOWN = 8, 4, 6


def run(text: str) -> None:
    """Print the first windows of a text's bytes, each with the byte to predict at each place."""
    tokens = torch.tensor([*text.encode()], dtype=torch.int64)
    inputs, targets = sliding_window(tokens, CONTEXT, STRIDE)
    print(f"{len(tokens)} bytes give {len(inputs)} windows of {CONTEXT} tokens, {STRIDE} apart:")
    for window, following in [*zip(inputs.tolist(), targets.tolist(), strict=True)][:SHOWN]:
        print(f"  input {bytes(window)!r}  target {bytes(following)!r}")
    if len(inputs) == 0:
        print(f"A window needs {CONTEXT + 1} bytes: try a longer text.")
