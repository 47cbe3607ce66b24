"""Freezing all of the model first, then what fnmatch.filter leaves."""

from fnmatch import filter as choose


def freeze(model, trained):
    """Train what the patterns name."""
    every = dict(model.named_parameters(remove_duplicate=False))
    chosen = [choose(every, pattern) for pattern in trained]
    if not all(chosen):
        raise ValueError("no such parameter")
    chosen = {name for names in chosen for name in names}
    others = [parameter for name, parameter in every.items() if name not in chosen]
    model.requires_grad_(True)
    for parameter in others:
        parameter.requires_grad_(False)
    return [parameter for parameter in model.parameters() if parameter.requires_grad]
