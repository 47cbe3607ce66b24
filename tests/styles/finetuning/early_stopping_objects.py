"""Small classes: one evaluates for a while, one keeps the best state as bytes."""

import io

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class _Evaluation:
    """Evaluation mode without gradients, for a while."""

    def __init__(self, module):
        self.module, self.mode, self.grad = module, module.training, torch.no_grad()

    def __enter__(self):
        self.grad.__enter__()
        return self.module.eval()

    def __exit__(self, *error):
        self.module.train(self.mode)
        self.grad.__exit__(*error)


def measure(classifier, ids, mask, labels, batch):
    """Add up over a loader."""
    sums, data = torch.zeros(2, dtype=torch.float64), TensorDataset(ids, mask, labels)
    with _Evaluation(classifier):
        for *inputs, wanted in DataLoader(data, batch, generator=torch.Generator()):
            logits = classifier(*inputs).double()
            sums[0] += nn.functional.cross_entropy(logits, wanted, reduction="sum")
            sums[1] += (logits.argmax(1) == wanted).sum()
    loss, right = (sums / len(labels)).tolist()
    return loss, right


class _Best:
    """The best state, as bytes."""

    def __init__(self, model):
        self.model, self.lowest, self.age = model, float("inf"), 0
        self.save()

    def save(self):
        self.bytes = io.BytesIO()
        torch.save(self.model.state_dict(), self.bytes)

    def hear(self, loss):
        self.age += 1
        if loss < self.lowest:
            self.lowest, self.age = loss, 0
            self.save()

    def restore(self):
        self.bytes.seek(0)
        self.model.load_state_dict(torch.load(self.bytes))
        self.model.eval()


def train_best(model, train_epoch, validate, epochs, patience):
    """Stop when the best state is too old."""
    best, losses = _Best(model), []
    while True:
        model.train(True)
        train_epoch()
        losses += [validate()]
        best.hear(losses[-1])
        if best.age == patience or len(losses) == epochs:
            break
    best.restore()
    return losses
