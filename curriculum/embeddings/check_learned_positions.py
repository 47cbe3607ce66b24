"""What is asked of learned positions."""

import pytest
import torch

from grader.engine.expect import close, equal, formed, holds, shaped
from grader.engine.side import gradients, value


def test_weight_is_the_only_parameter(LearnedPositions):
    """The module's one parameter is weight, of shape (context, C), and it is learnt."""
    layer = LearnedPositions(7, 5)
    parameters = dict(value(layer.named_parameters()))
    equal(sorted(parameters), ["weight"], say="the names of the parameters")
    shaped(parameters["weight"], (7, 5), torch.float32, say="weight of LearnedPositions(7, 5)")
    holds(layer.weight.requires_grad, "weight is learnt: it requires a gradient")


def test_weight_starts_as_small_normal_numbers(LearnedPositions):
    """At first weight holds normal numbers with mean 0 and standard deviation 0.02."""
    weight = value(LearnedPositions(101, 103).weight)
    shaped(weight, (101, 103), torch.float32, say="weight of LearnedPositions(101, 103)")
    numbers = weight / 0.02
    # Of 10,403 numbers the mean is 0 give or take 0.01, and the deviation 1 give or take 0.007.
    holds(abs(float(numbers.mean())) < 0.07, "the mean is 0", got=f"{float(weight.mean()):.5f}")
    deviation = float(numbers.std())
    holds(abs(deviation - 1) < 0.05, "the deviation is 0.02", got=f"{float(weight.std()):.5f}")
    # Beyond two deviations lie 4.6 % of normal numbers, give or take 0.2 %, and no uniform ones.
    far = float((numbers.abs() > 2).double().mean())
    holds(0.033 < far < 0.058, "4.6 % lie beyond two deviations", got=f"{100 * far:.1f} %")
    again = value(LearnedPositions(101, 103).weight)
    holds(not torch.equal(weight, again), "each new table has numbers of its own", got=again)


def test_the_result_has_the_shape_and_dtype_of_x(LearnedPositions, randn):
    """The result has the shape and the dtype of what went in."""
    for shape in [(2, 3, 5), (1, 1, 5), (3, 7, 5)]:
        got = LearnedPositions(7, 5)(randn(*shape))
        shaped(got, shape, torch.float32, say=f"x of shape {shape}")
    got = LearnedPositions(7, 5).double()(randn(2, 3, 5, dtype=torch.float64))
    shaped(got, (2, 3, 5), torch.float64, say="float64 with weight in float64")


def test_two_positions_by_hand(LearnedPositions):
    """The vectors [10, 10] and [20, 20] become [11, 12] and [23, 24]."""
    layer = _with(LearnedPositions(3, 2), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    got = layer(torch.tensor([[[10.0, 10.0], [20.0, 20.0]]]))
    close(got, torch.tensor([[[11.0, 12.0], [23.0, 24.0]]]))


def test_each_sequence_gets_the_same_positions(LearnedPositions, randn):
    """Token t of every sequence in the batch gets row t of the table, for any T and x."""
    for length in (1, 2, 3, 7):
        weight, x = randn(7, 5), randn(3, length, 5)
        got = _with(LearnedPositions(7, 5), weight)(x)
        want = torch.stack([sequence + weight[:length] for sequence in x])
        close(got, want, say=f"T is {length}")


def test_as_many_sequences_as_positions_are_no_trouble(LearnedPositions, randn):
    """With B, T and C all the same, rows still belong to tokens and not to sequences."""
    weight, x = randn(3, 3), randn(3, 3, 3)
    got = _with(LearnedPositions(3, 3), weight)(x)
    close(got, x + weight.reshape(1, 3, 3), say="3 sequences of 3 tokens with 3 numbers each")


def test_training_and_evaluation_are_the_same(LearnedPositions, randn):
    """Nothing is left out or added in training, so that eval() changes nothing."""
    layer, x = LearnedPositions(11, 5), randn(2, 11, 5)
    trained = layer(x)
    formed(trained, "float32 tensor 2x11x5", "the result")
    close(trained, x + value(layer.weight), say="in training")
    layer.eval()
    close(layer(x), trained, say="after layer.eval()")


def test_more_tokens_than_positions_are_refused(LearnedPositions, randn):
    """A context of five takes five tokens; with six there is a ValueError."""
    layer = LearnedPositions(5, 3)
    shaped(layer(randn(2, 5, 3)), (2, 5, 3), torch.float32, say="five tokens in a context of five")
    for length in (6, 7, 11):
        with pytest.raises(ValueError):
            layer(randn(2, length, 3))


def test_x_stays_as_it_was(LearnedPositions, randn):
    """Positions are added to a new tensor, and the input is left alone."""
    x = randn(2, 3, 5)
    before = x.clone()
    LearnedPositions(7, 5)(x)
    equal(x, before, say="the input has changed")


def test_a_position_gathers_the_gradients_of_the_batch(LearnedPositions, randn):
    """The gradient of x is what came; a position sums it over the batch, an unused one gets 0."""
    layer, upstream = LearnedPositions(7, 5), randn(2, 3, 5)
    (got,) = gradients(layer, randn(2, 3, 5), upstream=upstream)
    close(got, upstream, say="the gradient of x")
    want = torch.zeros(7, 5)
    want[:3] = upstream[0] + upstream[1]
    close(layer.weight.grad, want, say="the gradient of weight")


def _with(layer, weight):
    """The layer with this table."""
    layer.load_state_dict({"weight": weight}, strict=False)
    return layer
