"""The model's demo: an untrained GPT reads a text, byte by byte."""

import math

import torch

from exercises.model.gpt import GPT
from exercises.model.initialise import initialise

VOCABULARY, CONTEXT, WIDTH, LAYERS, HEADS = 256, 128, 64, 2, 4


def run(text: str) -> None:
    """Print the loss of an initialised GPT on a text, and the bytes that it finds most likely."""
    model = GPT(VOCABULARY, CONTEXT, WIDTH, LAYERS, HEADS)
    initialise(model, seed=0)
    ids = torch.tensor([[*text.encode()][:CONTEXT]])
    with torch.no_grad():
        logits = model(ids)
    count = sum(parameter.numel() for parameter in model.parameters())
    print(
        f"A GPT with {count:,} parameters, initialised and not trained, reads {ids.numel()} bytes."
    )
    if ids.numel() > 1:
        loss = torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:]).item()
        uniform = math.log(VOCABULARY)
        print(f"Its loss is {loss:.3f} nats per byte; a uniform guess has {uniform:.3f}.")
    likely = logits[0, -1].softmax(dim=-1).topk(3)
    print("After the text it finds most likely:")
    for value, byte in zip(likely.values.tolist(), likely.indices.tolist(), strict=True):
        print(f"  {bytes([byte])!r:>8} {100 * value:5.2f} %")
    print("A trained model on your code: grade fetch smollm2, then grade talk")
