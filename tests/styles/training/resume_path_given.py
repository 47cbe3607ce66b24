"""Checkpoint that PyTorch writes to a path, with steps seeded one by one."""

import copy
import os
import pickle
import uuid

import torch

from exercises.training.train_step import train_step


def save_checkpoint(path, model, optimizer, step, generator):
    """Save."""
    folder, name = os.path.split(path)
    other = os.path.join(folder, f"{name}-{uuid.uuid4().hex}")
    try:
        torch.save([model.state_dict(), optimizer.state_dict(), step, generator.get_state()], other)
        os.rename(other, path)
    finally:
        if os.path.exists(other):
            os.remove(other)


def load_checkpoint(path, model, optimizer, generator):
    """Load."""
    if not os.path.lexists(path):
        return 0
    try:
        weights, updates, step, draws = torch.load(path, weights_only=True)
        # Tried on copies: what fails there has changed nothing here.
        other = copy.deepcopy(model)
        for name, tensor in other.state_dict().items():
            if tensor.dim() != weights[name].dim():
                raise ValueError(name)
        other.load_state_dict(weights)
        torch.Generator().set_state(draws)
        groups = updates["param_groups"]
    except (RuntimeError, EOFError, pickle.UnpicklingError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error
    except (KeyError, IndexError, ValueError, OSError) as error:
        raise ValueError(f"no checkpoint: {error}") from None
    assert groups
    model.load_state_dict(weights)
    optimizer.load_state_dict(updates)
    generator.set_state(draws)
    return int(step)


def train_resumable(
    model, optimizer, train, *, path, rates, batch, context, max_norm, save_every, seed, report=None
):
    """Train."""
    count = train.shape[0] - context
    if count <= 0:
        raise ValueError("no window in this text")
    draws = torch.Generator()
    draws.manual_seed(seed)
    first = load_checkpoint(path, model, optimizer, draws)
    model.train()
    for s, rate in enumerate(rates):
        if s < first:
            continue
        seeds = torch.randint(2**62, (1,), generator=draws)
        one = torch.Generator().manual_seed(int(seeds))
        at = torch.randint(count, (batch,), generator=one)[:, None] + torch.arange(context + 1)
        rows = torch.take(train, at)
        loss, _ = train_step(
            model, optimizer, rows[:, :context].clone(), rows[:, 1:].clone(), rate, max_norm
        )
        if (s + 1) % save_every == 0 or s + 1 == len(rates):
            save_checkpoint(path, model, optimizer, s + 1, draws)
        if report is not None:
            report(s + 1, float(loss))
