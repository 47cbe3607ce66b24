"""Accumulation that puts earlier gradients aside, adds sums up, and scales these at the end."""

from exercises.training.cross_entropy import cross_entropy


def accumulate(model, batches):
    """Return the loss of the large batch."""
    before = {}
    for name, parameter in model.named_parameters():
        before[name], parameter.grad = parameter.grad, None
    number, loss_sum = 0, 0.0
    for inputs, targets in batches:
        count = (targets != -100).sum()
        if not count:
            continue
        loss = cross_entropy(model(inputs), targets) * count
        loss.backward()
        number += count.item()
        loss_sum += loss.detach().item()
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            parameter.grad /= number
            if before[name] is not None:
                parameter.grad += before[name]
        else:
            parameter.grad = before[name]
    return loss_sum / number if number else 0.0
