"""Training's demo: a small GPT is trained on Shakespeare's characters, and then reads a text."""

from pathlib import Path

import torch

from exercises.model.gpt import GPT
from exercises.model.initialise import initialise
from exercises.training.adamw import AdamW
from exercises.training.cross_entropy import cross_entropy
from exercises.training.train_loop import evaluate, train_loop
from exercises.training.warmup_cosine import warmup_cosine

TEXT = Path(__file__).parents[1] / "data" / "shakespeare.txt"
STEPS, WARMUP, PEAK = 200, 50, 7e-3
BATCH, CONTEXT, WIDTH, LAYERS, HEADS = 16, 32, 64, 2, 2
VALIDATION = 64 * CONTEXT + 1
"""Characters of the text for evaluation."""


def run(text: str) -> None:
    """Train the GPT, printing its validation losses; then print the loss of the given text."""
    shakespeare = TEXT.read_text("utf-8")
    number = {letter: i for i, letter in enumerate(sorted(set(shakespeare)))}
    known = [letter for letter in text if letter in number][: CONTEXT + 1]
    if len(known) < 2:
        print("The GPT predicts each next character that Shakespeare uses: try a longer text.")
        return
    tokens = torch.tensor([number[letter] for letter in shakespeare])
    model = train(tokens[: len(tokens) * 9 // 10], tokens[-VALIDATION:], len(number))
    ids = torch.tensor([number[letter] for letter in known])
    print(f"Your text: {evaluate(model, ids, 1, len(ids) - 1):.2f} nats per character.")
    with torch.no_grad():
        logits = model(ids[None, :-1])[0]
    losses = [cross_entropy(logits[t], ids[t + 1]).item() for t in range(len(logits))]
    at = max(range(len(losses)), key=losses.__getitem__)
    before = "".join(known[: at + 1])
    print(f"  most surprising: {known[at + 1]!r} after {before!r}, {losses[at]:.2f}")


def train(text: torch.Tensor, valid: torch.Tensor, vocabulary: int) -> GPT:
    """Return a GPT that is trained on one text and evaluated on another."""
    torch.set_num_threads(1)  # for tensors as small as these, threads wait more than they compute
    model = GPT(vocabulary, CONTEXT, WIDTH, LAYERS, HEADS)
    initialise(model, seed=0)
    optimizer = AdamW(model.parameters(), betas=(0.9, 0.99), weight_decay=0.1)
    count = sum(parameter.numel() for parameter in model.parameters())
    print(f"A GPT with {count:,} parameters, trained on Shakespeare for {STEPS} steps:")
    history = train_loop(
        model,
        optimizer,
        text,
        valid,
        rates=[warmup_cosine(step, PEAK, WARMUP, STEPS) for step in range(STEPS)],
        batch=BATCH,
        context=CONTEXT,
        max_norm=1.0,
        evaluate_every=STEPS // 4,
        seed=0,
    )
    for steps, loss in history:
        print(f"  after {steps:>3} steps  validation loss {loss:.2f} nats per character")
    return model
