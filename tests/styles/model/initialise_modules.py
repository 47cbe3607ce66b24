"""Initialise by kind of module, with nn.init."""

from torch import Generator, nn

from exercises.model.gpt import GPT


def initialise(model: GPT, seed: int) -> None:
    """Visit every layer by its path."""
    draws = Generator()
    draws.manual_seed(seed)
    depth = (2 * len(model.blocks)) ** -0.5
    for path, module in model.named_modules():
        if isinstance(module, nn.Linear):
            scale = depth if path.rsplit(".", 1)[-1] in {"out", "down"} else 1.0
            nn.init.normal_(module.weight, std=0.02 * scale, generator=draws)
            nn.init.constant_(module.bias, 0.0)
        elif type(module).__name__ == "LayerNorm":
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
    for table in (model.positions, model.tokens):
        nn.init.normal_(table.weight, std=0.02, generator=draws)
