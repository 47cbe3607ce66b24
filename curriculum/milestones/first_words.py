"""The milestone "It speaks": the learner's bigram model writes, and is measured."""

import math

import torch

from exercises.first_words.bigram import bigram
from exercises.first_words.nats import nats
from exercises.first_words.write import write

LENGTH = 300
"""Characters that are written."""
CLOSE = 0.005
"""Nats by which a right count may differ: rounding alone differs by far less."""


def run(stage):
    """Count, write, measure, and compare with what is due."""
    text = (stage.data / "shakespeare.txt").read_text("utf-8")
    cut = len(text) * 9 // 10
    train, valid = text[:cut], text[cut:]
    letters, counts = bigram(train)
    stage.say(f"Counted {len(train) - 1:,} pairs of {len(letters)} characters. It writes:")
    stage.write("\n" + write(counts, letters, "\n", LENGTH, stage.settings.seed).strip() + "\n\n")
    mine = float(nats(counts, letters, valid))
    due = measure_bigram(train, valid)
    stage.say("Nats per character on the last tenth of the text, which was not counted:")
    stage.measure("chance: every character as likely as any other", math.log(len(set(text))))
    stage.measure("letters alone: how often each one occurs", measure_letters(train, valid))
    stage.measure("the reference's bigram", due)
    stage.measure("your bigram", mine)
    says = f"{mine:.3f} nats per character for your bigram, and {due:.3f} for the reference's."
    stage.reach(abs(mine - due) < CLOSE, says)


def measure_letters(train, valid):
    """Return the nats per character of a model that knows how often each character occurs."""
    ids, targets = encode(train, valid)
    counts = torch.bincount(ids, minlength=int(max(ids.max(), targets.max())) + 1) + 1
    return float(-(counts / counts.sum()).log()[targets].mean())


def measure_bigram(train, valid):
    """Return the nats per character that the counted pairs of ``train`` give for ``valid``."""
    ids, targets = encode(train, valid)
    V = int(max(ids.max(), targets.max())) + 1
    counts = torch.ones(V, V, dtype=torch.float64)
    counts.index_put_((ids[:-1], ids[1:]), torch.ones(len(ids) - 1).double(), accumulate=True)
    chances = counts / counts.sum(dim=1, keepdim=True)
    return float(-chances[targets[:-1], targets[1:]].log().mean())


def encode(train, valid):
    """Return both texts as numbers of the characters that occur in either."""
    number = {letter: i for i, letter in enumerate(sorted(set(train + valid)))}
    return (torch.tensor([number[letter] for letter in text]) for text in (train, valid))
