"""The checks of initialise."""

import torch

from grader.checks import close, equal, holds, value

RESIDUAL = ("attention.out.weight", "feed_forward.down.weight")
SIZES = (251, 53, 48, 2, 3)
"""Vocabulary, context, width, layers and heads: each weight has at least 2,304 numbers."""


def test_biases_become_0_and_norm_weights_1(initialise, beside):
    """Every bias becomes 0 and the weight of every norm 1, whatever they were before."""
    model = _model(beside, *SIZES)
    equal(initialise(model, 3), None, say="initialise() returns")
    for name, part in _parts(model).items():
        if name.endswith("bias"):
            equal(part, torch.zeros(part.shape), say=name)
        elif "norm" in name:
            equal(part, torch.ones(part.shape), say=name)


def test_most_weights_have_standard_deviation_0_02(initialise, beside, rng):
    """Embeddings, query, key, value and up have a standard deviation of 0.02."""
    for layers in (1, 3):
        model = _model(beside, 251, 53, 48, layers, 3)
        initialise(model, rng.randrange(1000))
        for name, part in _matrices(model).items():
            if not name.endswith(RESIDUAL):
                _check_std(part, 0.02, f"the standard deviation of {name}, with {layers} layers")


def test_out_and_down_are_scaled_by_the_root_of_twice_the_layers(initialise, beside, rng):
    """With L = 1, 2 and 5, out and down have a standard deviation of 0.02 / sqrt(2 L)."""
    for layers in (1, 2, 5):
        model = _model(beside, 7, 5, 48, layers, 3)
        initialise(model, rng.randrange(1000))
        for name, part in _matrices(model).items():
            if name.endswith(RESIDUAL):
                say = f"the standard deviation of {name}, with {layers} layers"
                _check_std(part, 0.02 / (2 * layers) ** 0.5, say)


def test_weights_are_normally_distributed(initialise, beside, rng):
    """Each weight has mean 0."""
    model = _model(beside, *SIZES)
    initialise(model, rng.randrange(1000))
    for name, part in _matrices(model).items():
        deviations = part.double() / part.double().square().mean().sqrt()
        # Seven standard errors of the mean of independent numbers.
        bound = 7 / part.numel() ** 0.5
        close(
            deviations.mean().item(),
            0.0,
            atol=bound,
            say=f"the mean of {name}, divided by its standard deviation",
        )


def test_the_tails_of_every_kind_of_weight_are_normal(initialise, beside, rng):
    """Of each kind of weight 31.7 % are beyond one standard deviation, 4.55 % beyond two."""
    model = _model(beside, 503, 331, 48, 3, 3)
    initialise(model, rng.randrange(1000))
    drawn = _matrices(model)
    for kind, names in (
        ("embeddings", [name for name in drawn if not name.startswith("blocks")]),
        ("out and down", [name for name in drawn if name.endswith(RESIDUAL)]),
        ("the others", [n for n in drawn if n.startswith("blocks") and not n.endswith(RESIDUAL)]),
    ):
        sizes = torch.cat([_scaled(drawn[name]) for name in names]).abs()
        for bound, share in ((1, 0.31731), (2, 0.0455)):
            got = (sizes > bound).double().mean().item()
            # Seven standard errors of a share of at least 34,000 numbers.
            atol = 7 * (share * (1 - share) / len(sizes)) ** 0.5
            say = f"{kind}: the share of numbers beyond {bound} standard deviations"
            close(got, share, atol=atol, say=say)
        # Of 34,560 numbers 40 are expected there; none has a probability of 5e-18.
        beyond = int((sizes > 3.25).sum())
        expected = 0.00115 * len(sizes)
        holds(
            0 < beyond < 4 * expected,
            f"{kind}: of {len(sizes):,} normal numbers about {expected:.0f} lie beyond 3.25 "
            "standard deviations",
            want=f"about {expected:.0f}",
            got=beyond,
        )


def test_every_weight_is_drawn_independently(initialise, beside, rng):
    """No two weights begin with the same numbers, also if they are scaled."""
    model = _model(beside, *SIZES)
    initialise(model, rng.randrange(1000))
    heads = {name: _scaled(part)[:7] for name, part in _matrices(model).items()}
    names = list(heads)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            gap = (heads[first] - heads[second]).abs().max().item()
            # That seven draws agree to 1e-2 each has a probability of about 1e-16.
            say = f"{first} and {second} must begin with different numbers"
            holds(gap > 1e-2, say, got=heads[first])
    for name, part in _matrices(model).items():
        distinct = part.unique().numel()
        say = f"{name}: nearly all of its {part.numel()} numbers must be different"
        holds(distinct > 0.9 * part.numel(), say, got=distinct)


def test_equal_seeds_give_equal_parameters(initialise, beside):
    """The same seed gives the same parameters for two models, and for one model twice."""
    first, second = _model(beside, *SIZES), _model(beside, *SIZES, filled=3.0)
    initialise(first, 5)
    before = _parts(first)
    beside("torch.rand")(11)  # changes the state of the global generator
    initialise(second, 5)
    equal(_parts(second), before, say="another model of the same sizes, with the same seed")
    initialise(first, 5)
    equal(_parts(first), before, say="the same model again, with the same seed")


def test_different_seeds_give_different_parameters(initialise, beside):
    """With the seeds 0, 1, 2, 1000, 65,536 and 2^32 - 1 every weight is different."""
    model, seen = _model(beside, 29, 7, 16, 2, 2), []
    for seed in (0, 1, 2, 1000, 65_536, 2**32 - 1):
        initialise(model, seed)
        now = _matrices(model)
        for name, part in now.items():
            for before in seen:
                holds(
                    not torch.equal(part, before[name]),
                    f"{name} must differ between two different seeds",
                    got=part[:2],
                )
        seen.append(now)


def test_the_global_generator_does_not_change(initialise, beside):
    """The state of PyTorch's global generator is the same before and after the call."""
    model = _model(beside, *SIZES)
    before = beside("torch.get_rng_state")()
    initialise(model, 5)
    after = beside("torch.get_rng_state")()
    say = "initialise() must not change the state of the global generator"
    holds(torch.equal(after, before), say)


def test_the_parameters_remain_the_same_objects(initialise, beside):
    """A reference to a parameter, such as an optimizer's, still leads to it after the call."""
    model = _model(beside, 7, 5, 48, 2, 3)
    held = dict(model.named_parameters())
    before = {name: value(part) for name, part in held.items()}
    initialise(model, 5)
    now = _parts(model)
    for name, part in held.items():
        equal(value(part), now[name], say=f"{name}, as held since before the call")
        moved = not torch.equal(value(part), before[name])
        holds(moved, f"{name} must be changed by initialise()", got=now[name])
        holds(part.requires_grad, f"{name} must still require a gradient")
        holds(part.grad_fn is None, f"{name} must be a leaf, without a grad_fn")


def test_a_model_in_float64_stays_in_float64(initialise, beside):
    """The parameters keep their dtype and shape."""
    model = _model(beside, 7, 5, 48, 2, 3).double()
    forms = {name: (part.shape, part.dtype) for name, part in _parts(model).items()}
    initialise(model, 5)
    got = {name: (part.shape, part.dtype) for name, part in _parts(model).items()}
    equal(got, forms, say="shape and dtype of each parameter")
    _check_std(_parts(model)["blocks.1.attention.out.weight"], 0.01, "the std of an out")


def _model(beside, *sizes, filled=7.0):
    """Return a GPT beside the learner's code, with one number in all parameters."""
    model = beside("exercises.model.gpt.GPT")(*sizes)
    shapes = {name: part.shape for name, part in _parts(model).items()}
    # Not strict: a GPT may also have buffers, or a second name for the token embedding.
    state = {name: torch.full(shape, filled) for name, shape in shapes.items()}
    model.load_state_dict(state, strict=False)
    return model


def _parts(model):
    """Return every parameter by name."""
    return dict(value(model.named_parameters()))


def _matrices(model):
    """Return every parameter that is drawn, by name."""
    return {name: part for name, part in _parts(model).items() if part.dim() == 2}


def _scaled(part):
    """Return a weight's numbers, divided by their standard deviation."""
    return part.double().flatten() / part.double().square().mean().sqrt()


def _check_std(part, want, say):
    """Claim that the root of the mean square is ``want``, within eight standard errors."""
    got = part.double().square().mean().sqrt().item()
    # The relative standard error is 1 / sqrt(2 n); there are many tensors, hence eight.
    close(got, want, rtol=8 / (2 * part.numel()) ** 0.5, say=say)
