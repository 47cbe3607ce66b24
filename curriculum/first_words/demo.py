"""The demo of first words: a text as Shakespeare's bigrams predict it, and how they go on."""

import math
from pathlib import Path

import torch

from exercises.first_words.bigram import bigram
from exercises.first_words.bigram_by_gradient import fit
from exercises.first_words.nats import nats
from exercises.first_words.write import write

TEXT = Path(__file__).parents[1] / "data" / "shakespeare.txt"
READ, WRITTEN, STEPS = 200_000, 160, 20
"""Characters that are counted, and drawn; steps of training."""


def run(text: str) -> None:
    """Print the loss of a text under Shakespeare's bigrams, and what they write after its end."""
    letters, counts = bigram(TEXT.read_text("utf-8")[:READ])
    known = "".join(letter for letter in text if letter in letters)
    if len(known) < 2:
        print("A pair needs two characters that Shakespeare uses: try a longer text.")
        return
    chance = math.log(len(letters))
    print(f"Bigrams counted in {READ:,} characters of Shakespeare, {len(letters)} different ones:")
    loss = nats(counts, letters, known)
    print(f"  {loss:.3f} nats per character for your text; chance: {chance:.3f}")
    print("  from its last character, they write on:")
    for line in write(counts, letters, known[-1], WRITTEN, seed=0).splitlines():
        print(f"    {line}")
    train(known)


def train(known: str) -> None:
    """Print how far training on the pairs of the text alone comes, once ``fit`` is written."""
    own, _ = bigram(known)
    ids = torch.tensor([own.index(letter) for letter in known])
    try:
        losses = fit(ids[:-1], ids[1:], len(own), STEPS, rate=float(len(own)))[1]
    except NotImplementedError:
        print("Write first_words/bigram_by_gradient, and the same table is trained here.")
        return
    print(f"The pairs of your text alone, trained for {STEPS} steps:")
    print(f"  the loss falls from {losses[0]:.3f} to {losses[-1]:.3f} nats")
