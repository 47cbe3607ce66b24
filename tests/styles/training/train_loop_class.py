"""A class for the batches, sums of losses in an evaluation, and a pass over parts of the steps."""

from contextlib import contextmanager

import torch

from exercises.data.sliding_window import sliding_window
from exercises.training.cross_entropy import cross_entropy
from exercises.training.train_step import train_step


class Batches:
    """Draws batch after batch."""

    def __init__(self, text, batch, context, seed):
        if len(text) <= context:
            raise ValueError("no window in the text")
        self.text, self.batch, self.context = text, batch, context
        self.generator = torch.Generator()
        self.generator.manual_seed(seed)

    def __next__(self):
        """Return inputs and targets."""
        high = len(self.text) - self.context
        start = torch.randint(0, high, (self.batch,), generator=self.generator)
        index = torch.stack([start + t for t in range(self.context + 1)], dim=1)
        window = self.text[index]
        return window[:, : self.context], window[:, 1:]


@contextmanager
def _evaluating(model):
    mode = model.training
    model.train(False)
    with torch.no_grad():
        yield
    model.train(mode)


def evaluate(model, tokens, batch, context):
    """Add up, then divide."""
    inputs, targets = sliding_window(tokens, context, context)
    if not inputs.numel():
        raise ValueError("no window in the text")
    total = torch.zeros((), dtype=torch.float64)
    with _evaluating(model):
        while len(inputs):
            count = targets[:batch].numel()
            total += count * cross_entropy(model(inputs[:batch]), targets[:batch])
            inputs, targets = inputs[batch:], targets[batch:]
    return total.item() / ((len(tokens) - 1) // context * context)


def train_loop(
    model,
    optimizer,
    train,
    valid,
    *,
    rates,
    batch,
    context,
    max_norm,
    evaluate_every,
    seed,
    report=None,
):
    """Take evaluate_every steps, evaluate, and so on."""
    batches = Batches(train, batch, context, seed)
    history = [(0, evaluate(model, valid, batch, context))]
    done = 0
    while done < len(rates):
        model.train()
        for rate in rates[done : done + evaluate_every]:
            loss, _norm = train_step(model, optimizer, *next(batches), rate, max_norm)
            done += 1
            if report is not None:
                report(done, loss)
        history.append((done, evaluate(model, valid, batch, context)))
    return history
