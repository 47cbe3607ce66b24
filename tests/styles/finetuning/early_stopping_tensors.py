"""Whole tensors: the logits of all texts before their mean, positions in the list of losses."""

import copy

import torch
from torch.nn import functional


def measure(classifier, ids, mask, labels, batch):
    """Collect all logits first."""
    mode = classifier.training
    try:
        classifier.train(False)
        with torch.inference_mode():
            parts = zip(ids.split(batch), mask.split(batch), strict=True)
            logits = torch.cat([classifier(*part) for part in parts])
            loss = functional.cross_entropy(logits, labels).item()
            return loss, (logits.argmax(-1) == labels).double().mean().item()
    finally:
        classifier.train(mode)


def train_best(model, train_epoch, validate, epochs, patience):
    """Compare positions in the list of losses."""
    history, best, kept = [], -1, copy.deepcopy(model.state_dict())
    for epoch in range(epochs):
        model.train()
        train_epoch()
        loss = validate()
        history.append(loss)
        if loss < (history[best] if best >= 0 else float("inf")):
            best, kept = epoch, copy.deepcopy(model.state_dict())
        if epoch - best >= patience:
            break
    model.load_state_dict(kept)
    model.eval()
    return history
