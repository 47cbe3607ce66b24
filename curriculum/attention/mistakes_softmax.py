"""What goes wrong with softmax."""

import torch

from grader.course import caught_by


@caught_by("test_huge_scores_stay_finite")
def no_shift():
    """softmax without the shift: exp of a large score overflows"""

    def softmax(scores, dim=-1):
        weights = scores.exp()
        return weights / weights.sum(dim=dim, keepdim=True)


@caught_by("test_slices_far_apart_do_not_disturb_each_other")
def one_maximum_for_all():
    """softmax shifted by the largest score of the whole tensor, not of each slice"""

    def softmax(scores, dim=-1):
        weights = (scores - scores.max()).exp()
        return weights / weights.sum(dim=dim, keepdim=True)


@caught_by("test_dim_chooses_what_sums_to_one")
def last_dimension_always():
    """softmax along the last dimension, whatever dim says"""

    def softmax(scores, dim=-1):
        weights = (scores - scores.amax(dim=-1, keepdim=True)).exp()
        return weights / weights.sum(dim=-1, keepdim=True)


@caught_by("test_every_slice_sums_to_one")
def one_sum_for_all():
    """softmax divided by the sum over the whole tensor: all entries together sum to 1"""

    def softmax(scores, dim=-1):
        weights = (scores - scores.amax(dim=dim, keepdim=True)).exp()
        return weights / weights.sum()


@caught_by("test_a_row_worked_by_hand")
def no_exponential():
    """scores divided by their sum, without the exponential"""

    def softmax(scores, dim=-1):
        return scores / scores.sum(dim=dim, keepdim=True)


@caught_by("test_a_row_worked_by_hand")
def powers_of_two():
    """softmax with powers of 2 in place of powers of e"""

    def softmax(scores, dim=-1):
        weights = torch.exp2(scores - scores.amax(dim=dim, keepdim=True))
        return weights / weights.sum(dim=dim, keepdim=True)


@caught_by("test_a_constant_added_to_all_scores_changes_nothing")
def scaled_by_the_maximum():
    """scores scaled by their largest in place of shifted by it"""

    def softmax(scores, dim=-1):
        weights = (scores / scores.amax(dim=dim, keepdim=True)).exp()
        return weights / weights.sum(dim=dim, keepdim=True)


@caught_by("test_every_slice_sums_to_one")
def epsilon_below():
    """softmax with a small number added to the denominator, so that no slice sums to 1"""

    def softmax(scores, dim=-1):
        weights = (scores - scores.amax(dim=dim, keepdim=True)).exp()
        return weights / (weights.sum(dim=dim, keepdim=True) + 1e-6)


@caught_by("test_a_score_of_minus_infinity_gets_exactly_zero")
def floor_under_the_scores():
    """scores held above -50, so that a forbidden choice keeps a small probability"""

    def softmax(scores, dim=-1):
        weights = (scores - scores.amax(dim=dim, keepdim=True)).clamp(min=-50).exp()
        return weights / weights.sum(dim=dim, keepdim=True)


@caught_by("test_the_scores_stay_as_they_were")
def shifts_in_place():
    """softmax that shifts the caller's scores in place (-= changes the input)"""

    def softmax(scores, dim=-1):
        scores -= scores.amax(dim=dim, keepdim=True)
        weights = scores.exp()
        return weights / weights.sum(dim=dim, keepdim=True)


@caught_by("test_the_gradient_is_torchs")
def denominator_without_gradient():
    """softmax whose denominator is detached, so that the gradient misses half of the rule"""

    def softmax(scores, dim=-1):
        weights = (scores - scores.amax(dim=dim, keepdim=True)).exp()
        return weights / weights.sum(dim=dim, keepdim=True).detach()


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_scores")
def float32_always():
    """softmax in float32, whatever dtype came in"""

    def softmax(scores, dim=-1):
        scores = scores.float()
        weights = (scores - scores.amax(dim=dim, keepdim=True)).exp()
        return weights / weights.sum(dim=dim, keepdim=True)
