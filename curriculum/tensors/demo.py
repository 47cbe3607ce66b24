"""The tensors' demo: a text's letters counted, and one neuron trained on its vowels."""

import torch

from exercises.tensors.autograd import Value
from exercises.tensors.broadcast import broadcast_shape
from exercises.tensors.pick import count, pick

VOWELS, SHOWN, STEPS, RATE = "aeiouy", 12, 100, 0.5


def run(text: str) -> None:
    """Print how often each letter of a text occurs, and what a neuron learns about its vowels."""
    text = text.lower()
    if len(text) < 2:
        print("A pair needs two letters: try a longer text.")
        return
    letters = sorted(set(text))
    ids = torch.tensor([[letters.index(letter) for letter in text]])
    shape = broadcast_shape((len(text), 1), (len(letters),))
    print(f"{len(text)} letters, each compared with the {len(letters)} different ones: {shape}")
    counts = count(ids, len(letters))
    each = pick(counts.expand(1, len(text), len(letters)), ids)[0].tolist()
    for letter, times in list(zip(text, each, strict=True))[:SHOWN]:
        print(f"  {letter!r:>4} occurs {times} time{'s' * (times != 1)}  {'#' * min(times, 40)}")
    _train_neuron(torch.tensor([int(letter in VOWELS) for letter in text]))


def _train_neuron(vowel: torch.Tensor) -> None:
    """Learn from pairs of neighbours whether a vowel comes next, and print the predictions."""
    # The four kinds of pairs: 2 * (is a vowel) + (a vowel is next).
    pairs = count(2 * vowel[:-1] + vowel[1:], 4).tolist()
    weight, bias = Value(0.0), Value(0.0)
    for _ in range(STEPS):
        loss = Value(0.0)
        for kind, times in enumerate(pairs):
            now, then = divmod(kind, 2)
            loss = loss + times / sum(pairs) * ((weight * now + bias).tanh() - (2 * then - 1)) ** 2
        weight.grad = bias.grad = 0.0
        loss.backward()
        weight.data -= RATE * weight.grad
        bias.data -= RATE * bias.grad
    print(f"A neuron, tanh(w x + b), after {STEPS} steps: loss {loss.data:.3f}")
    for now, name in enumerate(["another letter", "a vowel"]):
        share = ((weight * now + bias).tanh().data + 1) / 2
        print(f"  after {name + ':':<15} a vowel in {100 * share:.0f} % of the cases")
