"""The checks of learned positions."""

import pytest
import torch

from grader.checks import close, equal, formed, gradients, load_shared, shaped, value

shared = load_shared(__file__)
load = shared.load


def test_weight_is_the_only_parameter(LearnedPositions):
    """weight, of shape (context, C), is the only parameter, and it requires a gradient."""
    shared.claim_parameters(LearnedPositions, "LearnedPositions")


def test_weight_starts_as_small_normal_numbers(LearnedPositions):
    """weight is initialized from a normal distribution with mean 0 and deviation 0.02."""
    shared.claim_first_values(LearnedPositions, "LearnedPositions")


def test_the_result_has_the_shape_and_dtype_of_x(LearnedPositions, randn):
    """The result has the shape and the dtype of x, which is the dtype of weight."""
    for shape in [(2, 3, 5), (1, 1, 5), (3, 7, 5)]:
        got = load(LearnedPositions(7, 5), randn(7, 5))(randn(*shape))
        shaped(got, shape, torch.float32, say=f"x of shape {shape}")
    layer, x = load(LearnedPositions(7, 5), randn(7, 5)), randn(2, 3, 5)
    shaped(layer.double()(x.double()), (2, 3, 5), torch.float64, say="x and weight in float64")
    shaped(layer.half()(x.half()), (2, 3, 5), torch.float16, say="x and weight in float16")
    got = layer.bfloat16()(x.bfloat16())
    shaped(got, (2, 3, 5), torch.bfloat16, say="x and weight in bfloat16")


def test_two_positions_by_hand(LearnedPositions):
    """The vectors [10, 10] and [20, 20] become [11, 12] and [23, 24]."""
    layer = load(LearnedPositions(3, 2), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    got = layer(torch.tensor([[[10.0, 10.0], [20.0, 20.0]]]))
    close(got, torch.tensor([[[11.0, 12.0], [23.0, 24.0]]]))


def test_each_sequence_gets_the_same_positions(LearnedPositions, randn):
    """Row t of the table is added to token t of every sequence in the batch, for any T."""
    for length in (1, 2, 3, 6):
        weight, x = randn(6, 5), randn(3, length, 5)
        got = load(LearnedPositions(6, 5), weight)(x)
        close(got, _by_loop(x, weight), say=f"T is {length}")
    weight, x = randn(7, 5), randn(5, 3, 11).permute(2, 1, 0)
    got = load(LearnedPositions(7, 5), weight)(x)
    close(got, _by_loop(x, weight), say="x that is a transposed view, of 11 sequences")


def test_rows_belong_to_tokens_when_all_sizes_are_equal(LearnedPositions, randn):
    """Also when B, T and C are equal, rows belong to tokens and not to sequences."""
    weight, x = randn(3, 3), randn(3, 3, 3)
    got = load(LearnedPositions(3, 3), weight)(x)
    close(got, _by_loop(x, weight), say="3 sequences of 3 tokens with 3 features each")


def test_vectors_of_zeros_get_their_positions_too(LearnedPositions, randn):
    """A vector of zeros becomes the row of its position; the numbers in x do not matter."""
    weight, x = randn(7, 5), randn(2, 5, 5)
    x[0, 1:3], x[1, 0] = 0.0, 0.0
    got = load(LearnedPositions(7, 5), weight)(x)
    close(got, _by_loop(x, weight), say="vectors of zeros among others")


def test_training_and_evaluation_mode_are_the_same(LearnedPositions, randn):
    """There is no dropout: training and evaluation mode give the same result."""
    weight, x = randn(11, 5), randn(2, 11, 5)
    layer = load(LearnedPositions(11, 5), weight)
    trained = layer(x)
    formed(trained, "float32 tensor 2x11x5", "the result")
    close(trained, x + weight, say="in training mode")
    layer.eval()
    close(layer(x), trained, say="after layer.eval()")


def test_each_call_begins_at_row_0_of_the_table_as_it_is(LearnedPositions, randn):
    """Nothing is kept between calls: each begins at row 0 of the table as it is then."""
    layer = LearnedPositions(29, 5)
    for mode in (True, False, True):
        weight = randn(29, 5)
        load(layer.train(mode), weight)
        for length in (3, 1, 2):
            x = randn(2, length, 5)
            say = f"a later call, layer.train({mode}), T is {length}"
            close(layer(x), _by_loop(x, weight), say=say)


def test_more_tokens_than_positions_are_refused(LearnedPositions, randn):
    """A context of five accepts five tokens; more raise ValueError, in either mode."""
    layer = load(LearnedPositions(5, 3), randn(5, 3))
    say = "seven sequences of five tokens in a context of five"
    for mode in (True, False):
        layer.train(mode)
        shaped(layer(randn(7, 5, 3)), (7, 5, 3), torch.float32, say=say)
        for length in (7, 6, 11):
            with pytest.raises(ValueError):
                layer(randn(2, length, 3))


def test_x_stays_as_it_was(LearnedPositions, randn):
    """The result is a new tensor; x is not changed."""
    x = randn(2, 3, 5)
    before = x.clone()
    load(LearnedPositions(7, 5), randn(7, 5))(x)
    equal(x, before, say="x was changed in place")


def test_a_rows_gradient_is_the_sum_over_the_batch(LearnedPositions, randn):
    """A row's gradient is the sum over the batch, and 0 for an unused position."""
    layer, upstream = load(LearnedPositions(7, 5), randn(7, 5)), randn(2, 3, 5)
    (got,) = gradients(layer, randn(2, 3, 5), upstream=upstream)
    close(got, upstream, say="the gradient of x")
    want = torch.zeros(7, 5)
    want[:3] = upstream[0] + upstream[1]
    close(value(layer.weight.grad), want, say="the gradient of weight")


def _by_loop(x, weight):
    """Return x with row t of the table added to token t, token by token."""
    y = x.clone()
    for sequence in y:
        for t, vector in enumerate(sequence):
            vector += weight[t]
    return y
