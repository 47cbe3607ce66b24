"""Freezing with compiled patterns and sets of names."""

import re
from fnmatch import translate


def freeze(model, trained):
    """Train what the patterns name."""
    listed = list(model.named_parameters(remove_duplicate=False))
    matched = set()
    for pattern in trained:
        rule = re.compile(translate(pattern))
        hits = {name for name, _ in listed if rule.match(name)}
        if not hits:
            raise ValueError(pattern)
        matched |= hits
    blocked = {id(parameter) for name, parameter in listed if name not in matched}
    result = []
    for parameter in model.parameters():
        parameter.requires_grad = id(parameter) not in blocked
        if parameter.requires_grad:
            result.append(parameter)
    return result
