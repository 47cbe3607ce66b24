"""Wrong versions of scaled dot-product attention."""

import math

import torch

from exercises.attention.softmax import softmax
from grader.checks import caught_by, edit, spelling


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def not_scaled():
    """attention whose scores are not divided by the square root of D"""
    edit(" / math.sqrt(q.shape[-1])", "")


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def divided_by_the_width():
    """attention whose scores are divided by D instead of its square root"""
    edit("math.sqrt(q.shape[-1])", "q.shape[-1]")


@caught_by("test_weights_worked_by_hand")
def multiplied_by_the_root():
    """attention whose scores are multiplied by the square root of D"""
    edit("/ math.sqrt", "* math.sqrt")


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def root_of_the_number_of_keys():
    """attention whose scores are divided by the root of the number of keys, not that of D"""
    edit("q.shape[-1]", "k.shape[-2]")


@caught_by("test_scores_are_divided_by_the_root_of_the_width")
def root_of_the_values_width():
    """attention whose scores are divided by the root of V, the values' dimension, not that of D"""
    edit("q.shape[-1]", "v.shape[-1]")


@caught_by("test_weights_worked_by_hand")
def scaled_after_softmax():
    """attention whose weights, after softmax, are divided by the square root of D"""
    edit(" / math.sqrt(q.shape[-1])", "")
    edit("dim=-1) @ v", "dim=-1) / math.sqrt(q.shape[-1]) @ v")


@caught_by("test_the_result_has_a_row_for_each_query")
def softmax_over_queries():
    """softmax over the queries instead of the keys: each column sums to 1, not each row"""
    with spelling():
        edit("scores, dim=-1", "scores, dim=-2")
    with spelling():
        edit("~mask, -math.inf)", "~mask, torch.finfo(scores.dtype).min)")
        edit(
            "softmax(scores, dim=-1)",
            "softmax(scores, dim=-2)"
            ".masked_fill(torch.tensor(False) if mask is None else ~mask, 0.0)",
        )


@caught_by("test_the_result_has_a_row_for_each_query")
def softmax_over_everything():
    """one softmax over all queries and keys together, so that no row sums to 1"""
    edit("scores, dim=-1", "scores.flatten(-2), dim=-1).view_as(scores")


@caught_by("test_each_query_weighs_the_keys_for_itself")
def softmax_over_dimension_one():
    """softmax along dimension 1, which is that of the keys only without leading dimensions"""
    edit("scores, dim=-1", "scores, dim=1")


@caught_by("test_weights_worked_by_hand")
def no_softmax():
    """scores used as weights, without softmax"""
    edit("softmax(scores, dim=-1) @ v", "scores.masked_fill(scores == -math.inf, 0.0) @ v")


@caught_by("test_the_result_has_a_row_for_each_query")
def dimensions_one_and_two_transposed():
    """keys transposed with transpose(1, 2), which is right for three dimensions only"""
    edit("k.transpose(-2, -1)", "k.transpose(1, 2)")


@caught_by("test_each_query_weighs_the_keys_for_itself")
def all_dimensions_reversed():
    """keys transposed with .T, which reverses all dimensions and works with two only"""
    edit("k.transpose(-2, -1)", "k.permute(*reversed(range(k.dim())))")


@caught_by("test_true_in_the_mask_means_may_attend")
def mask_inverted():
    """a mask read the other way round: True forbids, as in nn.MultiheadAttention"""
    edit("~mask, -math", "mask, -math")


@caught_by("test_true_in_the_mask_means_may_attend")
def mask_ignored():
    """attention that does not apply its mask"""
    edit("if mask is not None", "if False")


@caught_by("test_a_forbidden_key_changes_nothing")
def mask_multiplied():
    """masked scores set to 0, which softmax turns into a positive weight"""
    edit(".masked_fill(~mask, -math.inf)", " * mask")


@caught_by("test_a_forbidden_key_changes_nothing")
def mask_added():
    """a bool mask added to the scores, so that allowed keys gain 1 and none is masked"""
    edit(".masked_fill(~mask, -math.inf)", " + mask")


@caught_by("test_a_forbidden_key_changes_nothing")
def mask_after_softmax():
    """weights masked after softmax, so that those of the allowed keys sum to less than 1"""
    edit("if mask is not None:", "if False:")
    edit("softmax(scores, dim=-1)", "(softmax(scores, dim=-1) * (1 if mask is None else mask))")


@caught_by("test_a_forbidden_key_changes_nothing")
def renormalised():
    """masked and divided by their sum after softmax: a dominant masked key leaves 0 / 0"""
    with spelling():
        edit("if mask is not None:", "if False:")
        edit(
            "return softmax(scores, dim=-1) @ v",
            "weights = softmax(scores, dim=-1) * (1 if mask is None else mask)\n"
            "    return weights / weights.sum(dim=-1, keepdim=True) @ v",
        )
    with spelling():
        edit("if mask is not None:", "if False:")
        edit(
            "return softmax(scores, dim=-1) @ v",
            "weights = softmax(scores, dim=-1) * (1 if mask is None else mask)\n"
            "    return weights / (weights.sum(dim=-1, keepdim=True) + 1e-9) @ v",
        )


@caught_by("test_a_forbidden_key_stays_out_below_any_score")
def large_negative_number():
    """masked scores set to a number such as -1e9, which is not below every allowed score"""
    with spelling():
        edit("-math.inf", "-1e9")
    with spelling():
        edit("-math.inf", "-1e4")
    with spelling():
        edit("-math.inf", "-1e10")
    with spelling():
        edit("-math.inf", "-1e20")
    with spelling():
        edit("-math.inf", "max(-1e30, torch.finfo(scores.dtype).min)")
    with spelling():
        edit(
            ".masked_fill(~mask, -math.inf)",
            ".float().masked_fill(~mask, -1e9).to(scores.dtype)",
        )
    with spelling():
        edit(".masked_fill(~mask, -math.inf)", " + (~mask) * -1e9")


@caught_by("test_the_mask_broadcasts")
def mask_as_index():
    """a mask used as an index into the scores, which works for shape (T, S) only"""
    edit("scores = scores.masked_fill(~mask, -math.inf)", "scores[..., ~mask] = -math.inf")


@caught_by("test_the_mask_broadcasts")
def dimension_added_to_the_mask():
    """a mask that always gets one more dimension, for heads, although it broadcasts as it is"""
    with spelling():
        edit("~mask, -math", "~mask.unsqueeze(-3), -math")
    with spelling():
        edit("~mask, -math", "~mask.unsqueeze(1), -math")
    with spelling():
        edit("~mask, -math", "~mask.unsqueeze(0), -math")
    with spelling():
        edit("~mask, -math", "~mask.unsqueeze(-3 if mask.dim() < 3 else 1), -math")


@caught_by("test_the_mask_broadcasts")
def mask_ignored_with_fewer_dimensions():
    """a mask applied only if it has as many dimensions as the scores, or their shape"""
    with spelling():
        edit("if mask is not None", "if mask is not None and mask.dim() == scores.dim()")
    with spelling():
        edit("if mask is not None", "if mask is not None and mask.shape == scores.shape")


@caught_by("test_each_query_weighs_the_keys_for_itself")
def causal_unasked():
    """attention that is causal if no mask is given"""

    def scaled_dot_product(q, k, v, mask=None):
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        if mask is None:
            mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        return softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ v


@caught_by("test_huge_scores_stay_finite")
def own_softmax_without_shift():
    """attention with its own softmax, which overflows for large scores"""
    with spelling():
        edit("scores = q", "scores = (q")
        edit("(q.shape[-1])", "(q.shape[-1])).exp()")
        edit("-math.inf", "0.0")
        edit("softmax(scores, dim=-1)", "scores / scores.sum(dim=-1, keepdim=True)")
    with spelling():
        edit("scores = q", "scores = (q")
        edit("(q.shape[-1])", "(q.shape[-1])).exp()")
        edit(".masked_fill(~mask, -math.inf)", " * mask")
        edit("softmax(scores, dim=-1)", "scores / scores.sum(dim=-1, keepdim=True)")


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention whose weights are detached: no gradient reaches q and k"""
    edit("dim=-1) @ v", "dim=-1).detach() @ v")


@caught_by("test_the_gradients_are_torchs")
def no_gradient():
    """attention computed without recording gradients, by no_grad() or detach()"""
    edit("scores = q", "q, k, v = q.detach(), k.detach(), v.detach()\n    scores = q")


@caught_by("test_the_gradients_are_torchs")
def keys_and_values_without_gradient():
    """keys and values detached: no gradient reaches them"""
    edit("scores = q", "k, v = k.detach(), v.detach()\n    scores = q")


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """inputs flattened with view, which fails for tensors that are not contiguous"""
    edit(
        "scores = q @ k.transpose(-2, -1)",
        "queries, keys = q.view(-1, *q.shape[-2:]), k.view(-1, *k.shape[-2:])\n"
        "    scores = (queries @ keys.mT).view(*q.shape[:-1], k.shape[-2])",
    )


@caught_by("test_each_query_weighs_the_keys_for_itself")
def dropout_on_the_weights():
    """attention weights dropped at random, though no dropout is asked for"""
    edit("softmax(scores, dim=-1) @ v", "torch.dropout(softmax(scores, dim=-1), 0.1, True) @ v")


@caught_by("test_each_call_returns_a_tensor_of_its_own")
def the_only_value_itself():
    """the values themselves where there is one key, and not a new tensor"""
    edit(
        "scores = q",
        "if k.shape[-2] == 1:\n"
        "        return v.expand(*v.shape[:-2], q.shape[-2], v.shape[-1])\n"
        "    scores = q",
    )


@caught_by("test_the_inputs_stay_as_they_were")
def scales_in_place():
    """attention that scales the caller's queries in place (/= changes the input)"""
    edit("scores = q", "q /= math.sqrt(q.shape[-1])\n    scores = q")
    edit(" / math.sqrt(q.shape[-1])", "")


@caught_by("test_the_result_has_a_row_for_each_query")
def float32_always():
    """attention that returns float32, whatever the dtype of q"""
    edit("scores = q", "scores = (q")
    edit("(q.shape[-1])", "(q.shape[-1])).float()")
    edit("dim=-1) @ v", "dim=-1) @ v.float()")


@caught_by("test_true_in_the_mask_means_may_attend")
def zero_times_infinity():
    """(1 - mask) * -inf added to the scores: 0 times infinity is NaN where attending is allowed"""
    edit(".masked_fill(~mask, -math.inf)", " + (1 - mask.to(scores.dtype)) * -math.inf")
