"""What is asked of initialise."""

import torch

from grader.engine.expect import close, equal, holds
from grader.engine.side import value

RESIDUAL = ("attention.out.weight", "feed_forward.down.weight")
SIZES = (251, 53, 48, 2, 3)
"""Vocabulary, context, width, layers and heads: each matrix has at least 2,304 numbers."""


def test_biases_become_0_and_norms_begin_with_weight_1(initialise, beside):
    """Whatever stood there, every bias becomes 0, and the weight of every norm becomes 1."""
    model = _model(beside, *SIZES)
    equal(initialise(model, 3), None, say="what initialise gives back")
    for name, part in _parts(model).items():
        if name.endswith("bias"):
            equal(part, torch.zeros(part.shape), say=name)
        elif "norm" in name:
            equal(part, torch.ones(part.shape), say=name)


def test_embeddings_and_first_layers_have_a_spread_of_a_fiftieth(initialise, beside, rng):
    """Embeddings, query, key, value and up are drawn with a standard deviation of 0.02."""
    for layers in (1, 3):
        model = _model(beside, 251, 53, 48, layers, 3)
        initialise(model, rng.randrange(1000))
        for name, part in _matrices(model).items():
            if not name.endswith(RESIDUAL):
                _spread(part, 0.02, f"the standard deviation of {name}, with {layers} layers")


def test_layers_that_feed_a_sum_are_narrower_by_the_root_of_twice_the_layers(
    initialise, beside, rng
):
    """In each block, out and down are drawn with 0.02 / sqrt(2 L), for 1, 2 and 5 layers."""
    for layers in (1, 2, 5):
        model = _model(beside, 7, 5, 48, layers, 3)
        initialise(model, rng.randrange(1000))
        for name, part in _matrices(model).items():
            if name.endswith(RESIDUAL):
                say = f"the standard deviation of {name}, with {layers} layers"
                _spread(part, 0.02 / (2 * layers) ** 0.5, say)


def test_numbers_are_drawn_from_the_normal_distribution(initialise, beside, rng):
    """Each matrix has mean 0, and a normal distribution's share beyond two deviations."""
    model = _model(beside, *SIZES)
    initialise(model, rng.randrange(1000))
    for name, part in _matrices(model).items():
        deviations = part.double() / part.double().square().mean().sqrt()
        # Seven standard errors of the mean of independent numbers.
        bound = 7 / part.numel() ** 0.5
        close(deviations.mean().item(), 0.0, atol=bound, say=f"the mean of {name}, in deviations")
    deviations = torch.cat([_scaled(part) for part in _matrices(model).values()])
    tails = (deviations.abs() > 2).double().mean().item()
    # Of about 70,000 draws 4.55 % lie there, give or take 0.08 %.
    say = "the share beyond two standard deviations"
    close(tails, 0.0455, atol=0.006, say=say)


def test_every_tensor_is_drawn_by_itself(initialise, beside, rng):
    """No two matrices begin with the same numbers, up to their scale."""
    model = _model(beside, *SIZES)
    initialise(model, rng.randrange(1000))
    heads = {name: _scaled(part)[:7] for name, part in _matrices(model).items()}
    names = list(heads)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            gap = (heads[first] - heads[second]).abs().max().item()
            # Seven draws that agree to 1e-2 each are a chance of about 1e-16.
            holds(gap > 1e-2, f"{first} and {second} begin with the same numbers", got=heads[first])


def test_equal_seeds_give_equal_numbers(initialise, beside):
    """Two models, or one model twice, get the same numbers from the same seed."""
    first, second = _model(beside, *SIZES), _model(beside, *SIZES, filled=3.0)
    initialise(first, 5)
    before = _parts(first)
    beside("torch.rand")(11)  # the global generator moves on between the two
    initialise(second, 5)
    equal(_parts(second), before, say="another model, of the same sizes")
    initialise(first, 5)
    equal(_parts(first), before, say="the same model again")


def test_different_seeds_give_different_numbers(initialise, beside):
    """With seeds 0, 1 and 2 every matrix gets other numbers."""
    model, seen = _model(beside, *SIZES), []
    for seed in (0, 1, 2):
        initialise(model, seed)
        now = _matrices(model)
        for name, part in now.items():
            for before in seen:
                holds(
                    not torch.equal(part, before[name]),
                    f"{name} got the same numbers from two seeds",
                    got=part[:2],
                )
        seen.append(now)


def test_pytorchs_own_generator_stays_where_it_was(initialise, beside):
    """The state of PyTorch's global generator is the same before and after."""
    model = _model(beside, *SIZES)
    before = beside("torch.get_rng_state")()
    initialise(model, 5)
    after = beside("torch.get_rng_state")()
    equal(torch.equal(after, before), True, say="the global generator is where it was")


def test_the_parameters_stay_the_objects_that_they_were(initialise, beside):
    """Whoever held a parameter before holds it after, with its new numbers, and trains it."""
    model = _model(beside, 7, 5, 48, 2, 3)
    held = dict(model.named_parameters())
    before = {name: value(part) for name, part in held.items()}
    initialise(model, 5)
    now = _parts(model)
    for name, part in held.items():
        equal(value(part), now[name], say=f"{name}, held since before")
        moved = not torch.equal(value(part), before[name])
        holds(moved, f"{name} has the numbers that it had", got=now[name])
        holds(part.requires_grad, f"{name} is trained: it requires a gradient")
        holds(part.grad_fn is None, f"{name} has no history")


def test_a_model_in_float64_stays_in_float64(initialise, beside):
    """The parameters keep their dtype and shape."""
    model = _model(beside, 7, 5, 48, 2, 3).double()
    forms = {name: (part.shape, part.dtype) for name, part in _parts(model).items()}
    initialise(model, 5)
    got = {name: (part.shape, part.dtype) for name, part in _parts(model).items()}
    equal(got, forms, say="shape and dtype of each parameter")
    _spread(_parts(model)["blocks.1.attention.out.weight"], 0.01, "the deviation of an out")


def _model(beside, *sizes, filled=7.0):
    """A GPT beside the learner's code with one number everywhere."""
    model = beside("exercises.model.gpt.GPT")(*sizes)
    shapes = {name: part.shape for name, part in _parts(model).items()}
    model.load_state_dict({name: torch.full(shape, filled) for name, shape in shapes.items()})
    return model


def _parts(model):
    """Every parameter by name."""
    return dict(value(model.named_parameters()))


def _matrices(model):
    """Every parameter that is drawn, by name."""
    return {name: part for name, part in _parts(model).items() if part.dim() == 2}


def _scaled(part):
    """A matrix's numbers in units of their own standard deviation."""
    return part.double().flatten() / part.double().square().mean().sqrt()


def _spread(part, want, say):
    """The root of the mean square is as it should be."""
    got = part.double().square().mean().sqrt().item()
    # The standard error is 1 / sqrt(2 n) of it; eight of these, for the many tensors.
    close(got, want, rtol=8 / (2 * part.numel()) ** 0.5, say=say)
