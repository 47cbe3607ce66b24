"""Lists of numbers: texts are measured one by one, and tensors of the state copied in place."""

import math

import torch


@torch.no_grad()
def measure(classifier, ids, mask, labels, batch):
    """Call the classifier with one text at a time."""
    was = classifier.training
    classifier.eval()
    losses, right = [], []
    for n, label in enumerate(labels.tolist()):
        logits = classifier(ids[n : n + 1], mask[n : n + 1])[0].tolist()
        top = max(logits)
        losses.append(math.log(sum(math.exp(x - top) for x in logits)) + top - logits[label])
        right.append(logits.index(top) == label)
    classifier.train(was)
    return math.fsum(losses) / len(losses), sum(right) / len(right)


def train_best(model, train_epoch, validate, epochs, patience):
    """Copy tensor by tensor, in place."""
    keep = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    losses, lowest, stale = [], float("inf"), 0
    for _ in range(epochs):
        model.train()
        train_epoch()
        loss = validate()
        losses.append(loss)
        stale += 1
        if loss < lowest:
            lowest, stale = loss, 0
            for name, tensor in model.state_dict().items():
                keep[name].copy_(tensor)
        elif stale == patience:
            break
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(keep[name])
    model.train(False)
    return losses
