"""What goes wrong with scaled dot-product attention."""

import math

import torch

from exercises.attention.softmax import softmax
from grader.course import caught_by


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def not_scaled():
    """attention whose scores are not divided by anything"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1)
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def divided_by_the_width():
    """attention whose scores are divided by D, not by its square root"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / q.shape[-1]
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_weights_worked_by_hand")
def multiplied_by_the_root():
    """attention whose scores are multiplied by the square root of D"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) * math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def root_of_the_number_of_keys():
    """attention whose scores are divided by the root of the number of keys, not of their width"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(k.shape[-2])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def root_of_the_values_width():
    """attention whose scores are divided by the root of the width of the values"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(v.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_weights_worked_by_hand")
def scaled_after_softmax():
    """attention that divides the weights by the root of D, after softmax"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1)
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) / math.sqrt(q.shape[-1]) @ v


@caught_by("test_the_result_has_a_row_for_each_query")
def softmax_over_queries():
    """softmax over the queries in place of the keys: each column sums to 1, not each row"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-2) @ v


@caught_by("test_the_result_has_a_row_for_each_query")
def softmax_over_everything():
    """one softmax over queries and keys together, so that no single row sums to 1"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores.flatten(-2), dim=-1).view_as(scores) @ v


@caught_by("test_each_query_weighs_the_keys_for_itself")
def all_dimensions_turned():
    """keys turned by .T, which reverses all dimensions and fits two of them only"""

    def scaled_dot_product(q, k, v, mask=None):
        turned = k.T if k.dim() == 2 else k.permute(*reversed(range(k.dim())))
        scores = q @ turned / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_true_in_the_mask_means_may_attend")
def mask_inverted():
    """a mask read the other way round: True forbids, as in nn.MultiheadAttention"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_true_in_the_mask_means_may_attend")
def mask_ignored():
    """attention that never looks at its mask"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        return softmax(scores, dim=-1) @ v


@caught_by("test_a_forbidden_key_changes_nothing")
def mask_multiplied():
    """forbidden scores set to 0, which softmax turns into a weight like any other"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores * mask
        return softmax(scores, dim=-1) @ v


@caught_by("test_a_forbidden_key_changes_nothing")
def mask_added():
    """a boolean mask added to the scores, so that permitted keys gain 1 and none is forbidden"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores + mask
        return softmax(scores, dim=-1) @ v


@caught_by("test_a_forbidden_key_changes_nothing")
def mask_after_softmax():
    """weights masked after softmax, so that those of the permitted keys sum to less than 1"""

    def scaled_dot_product(q, k, v, mask=None):
        weights = softmax(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]), dim=-1)
        if mask is not None:
            weights = weights * mask
        return weights @ v


@caught_by("test_a_forbidden_key_stays_out_below_any_score")
def large_negative_number():
    """forbidden scores set to -1e9, which a permitted score may lie below"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        return softmax(scores, dim=-1) @ v


@caught_by("test_the_mask_broadcasts")
def mask_as_index():
    """a mask used as an index into the scores, which fits a mask of shape (T, S) only"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores[..., ~mask] = -math.inf
        return softmax(scores, dim=-1) @ v


@caught_by("test_each_query_weighs_the_keys_for_itself")
def causal_unasked():
    """attention that is causal when no mask is given"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is None:
            mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        return softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ v


@caught_by("test_huge_scores_stay_finite")
def own_softmax_without_shift():
    """attention with a softmax of its own that overflows for large scores"""

    def scaled_dot_product(q, k, v, mask=None):
        weights = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).exp()
        if mask is not None:
            weights = weights.masked_fill(~mask, 0.0)
        return weights / weights.sum(dim=-1, keepdim=True) @ v


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention whose weights are detached: no gradient reaches q and k"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1).detach() @ v


@caught_by("test_the_inputs_stay_as_they_were")
def scales_in_place():
    """attention that scales the caller's queries in place (/= changes the input)"""

    def scaled_dot_product(q, k, v, mask=None):
        q /= math.sqrt(q.shape[-1])
        scores = q @ k.transpose(-2, -1)
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v


@caught_by("test_the_result_has_a_row_for_each_query")
def float32_always():
    """attention in float32, whatever dtype came in"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).float()
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        return softmax(scores, dim=-1) @ v.float()


@caught_by("test_true_in_the_mask_means_may_attend")
def zero_times_infinity():
    """(1 - mask) * -inf added to the scores: 0 times infinity is NaN where attending is allowed"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores + (1 - mask.to(scores.dtype)) * -math.inf
        return softmax(scores, dim=-1) @ v
