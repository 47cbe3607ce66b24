"""Wrong versions of softmax."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_huge_scores_stay_finite")
def no_shift():
    """softmax without the shift by the maximum: exp of a large logit overflows"""
    edit("    shifted = scores - scores.amax(dim=dim, keepdim=True)\n", "")
    edit("shifted.exp", "scores.exp")


@caught_by("test_huge_scores_stay_finite")
def nan_replaced():
    """softmax without a shift whose NaN, infinity over infinity, is replaced by 0"""
    edit("    shifted = scores - scores.amax(dim=dim, keepdim=True)\n", "")
    edit("shifted.exp", "scores.exp")
    edit(
        "return weights / weights.sum(dim=dim, keepdim=True)",
        "return (weights / weights.sum(dim=dim, keepdim=True)).nan_to_num(0.0)",
    )


@caught_by("test_huge_scores_stay_finite")
def shifted_by_the_mean():
    """logits shifted by their mean, not by their maximum: a logit far above the mean overflows"""
    with spelling():
        edit("scores.amax(dim=dim, keepdim=True)", "scores.mean(dim=dim, keepdim=True)")
    with spelling():
        edit(
            "scores.amax(dim=dim, keepdim=True)",
            "scores.clamp(min=torch.finfo(scores.dtype).min).mean(dim=dim, keepdim=True)",
        )
    with spelling():
        edit(
            "scores.amax(dim=dim, keepdim=True)",
            "scores.masked_fill(scores.isinf(), 0.0).mean(dim=dim, keepdim=True)",
        )


@caught_by("test_only_differences_of_logits_count")
def shifted_by_the_minimum():
    """logits shifted by their minimum, not by their maximum: a logit far above it overflows"""
    edit("scores.amax", "scores.amin")


@caught_by("test_slices_far_apart_do_not_disturb_each_other")
def one_maximum_for_all():
    """softmax that subtracts the maximum of the whole tensor, not that of each slice"""
    edit("    shifted = scores - scores.amax(dim=dim, keepdim=True)\n", "")
    edit("shifted.exp", "(scores - scores.max()).exp")


@caught_by("test_dim_chooses_what_sums_to_one")
def maximum_of_the_last_dimension():
    """the maximum taken along the last dimension, whatever dim was given"""
    edit("scores.amax(dim=dim", "scores.amax(dim=-1")


@caught_by("test_only_differences_of_logits_count")
def maximum_at_least_zero():
    """logits shifted only if they are above 0: all exponentials of very low logits become 0"""
    edit("amax(dim=dim, keepdim=True)", "amax(dim=dim, keepdim=True).clamp(min=0)")


@caught_by("test_only_differences_of_logits_count")
def logits_clamped():
    """logits clamped to a fixed range, such as -80 to 80, in place of a shift"""
    with spelling():
        edit("    shifted = scores - scores.amax(dim=dim, keepdim=True)\n", "")
        edit("shifted.exp", "scores.clamp(-80, 80).exp")
    with spelling():
        edit("    shifted = scores - scores.amax(dim=dim, keepdim=True)\n", "")
        edit("shifted.exp", "scores.clamp(max=80).exp")
    with spelling():
        edit(
            "shifted = scores - scores.amax(dim=dim, keepdim=True)",
            "shifted = scores.clamp(-80, 80).where(scores > -torch.inf, scores)",
        )


@caught_by("test_dim_chooses_what_sums_to_one")
def last_dimension_always():
    """softmax along the last dimension, whatever dim was given"""
    edit("shifted = scores", "dim = -1\n    shifted = scores")


@caught_by("test_dim_chooses_what_sums_to_one")
def not_moved_back():
    """a result whose dimension dim was moved to the end and not back to its place"""
    with spelling():
        edit("shifted = scores", "scores, dim = scores.movedim(dim, -1), -1\n    shifted = scores")
    with spelling():
        edit(
            "shifted = scores", "scores, dim = scores.transpose(dim, -1), -1\n    shifted = scores"
        )


@caught_by("test_every_slice_sums_to_one")
def one_sum_for_all():
    """softmax divided by the sum over the whole tensor: all probabilities together sum to 1"""
    edit("weights.sum(dim=dim, keepdim=True)", "weights.sum()")


@caught_by("test_dim_chooses_what_sums_to_one")
def sum_without_keepdim():
    """a sum without keepdim=True, which broadcasts along another dimension or does not fit"""
    edit("weights.sum(dim=dim, keepdim=True)", "weights.sum(dim=dim)")


@caught_by("test_a_row_worked_by_hand")
def no_exponential():
    """logits divided by their sum, without the exponential"""
    edit("shifted.exp()", "scores")


@caught_by("test_a_row_worked_by_hand")
def powers_of_two():
    """softmax with powers of 2 instead of powers of e"""
    edit("shifted.exp()", "shifted.exp2()")


@caught_by("test_a_row_worked_by_hand")
def logarithm_returned():
    """the logarithm of the probabilities, as log_softmax returns it"""
    edit(
        "return weights / weights.sum(dim=dim, keepdim=True)",
        "return shifted - weights.sum(dim=dim, keepdim=True).log()",
    )


@caught_by("test_a_constant_added_to_all_scores_changes_nothing")
def scaled_by_the_maximum():
    """logits divided by their maximum instead of shifted by it"""
    with spelling():
        edit("scores - scores.amax", "scores / scores.amax")
    with spelling():
        edit("scores - scores.amax", "scores / scores.abs().amax")
    with spelling():
        edit(
            "scores - scores.amax(dim=dim, keepdim=True)",
            "scores / scores.abs().masked_fill(scores.isinf(), 0.0)"
            ".amax(dim=dim, keepdim=True).clamp(min=1e-12)",
        )


@caught_by("test_a_single_choice_is_certain")
def epsilon_below():
    """softmax with a small constant added to the denominator, so that no slice sums to 1"""
    with spelling():
        edit("weights.sum(dim=dim, keepdim=True)", "(weights.sum(dim=dim, keepdim=True) + 1e-6)")
    with spelling():
        edit("weights.sum(dim=dim, keepdim=True)", "(weights.sum(dim=dim, keepdim=True) + 1e-5)")


@caught_by("test_a_score_of_minus_infinity_gets_exactly_zero")
def epsilon_added_to_each():
    """a small constant added to each exponential, so that a logit of -inf gets a probability"""
    with spelling():
        edit("shifted.exp()", "shifted.exp() + 1e-9")
    with spelling():
        edit("shifted.exp()", "shifted.exp() + 1e-8")
    with spelling():
        edit("shifted.exp()", "shifted.exp() + 1e-12")
    with spelling():
        edit("shifted.exp()", "shifted.exp() + 1e-6")


@caught_by("test_a_score_of_minus_infinity_gets_exactly_zero")
def floor_under_the_scores():
    """shifted logits clamped from below, so that a logit of -inf keeps a small probability"""
    with spelling():
        edit("shifted.exp()", "shifted.clamp(min=-50).exp()")
    with spelling():
        edit("shifted.exp()", "shifted.clamp(min=-80).exp()")
    with spelling():
        edit("shifted.exp()", "shifted.clamp(min=-100).exp()")


@caught_by("test_a_score_of_minus_infinity_gets_exactly_zero")
def minus_infinity_replaced():
    """-inf replaced by a finite number such as -1e4, which is not below every logit"""
    with spelling():
        edit(
            "shifted = ", "scores = scores.masked_fill(scores == -torch.inf, -1e4)\n    shifted = "
        )
    with spelling():
        edit(
            "shifted = ", "scores = scores.masked_fill(scores == -torch.inf, -1e9)\n    shifted = "
        )
    with spelling():
        edit("shifted = ", "scores = scores.nan_to_num()\n    shifted = ")
    with spelling():
        edit("shifted = ", "scores = scores.clamp(min=-1e4)\n    shifted = ")
    with spelling():
        edit("shifted = ", "scores = scores.clamp(min=-1e9)\n    shifted = ")


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """logits flattened with view, which fails for a tensor that is not contiguous"""

    def softmax(scores, dim=-1):
        dim = dim % scores.dim()
        flat = scores.view(-1, scores.shape[dim], scores.shape[dim + 1 :].numel())
        weights = (flat - flat.amax(dim=1, keepdim=True)).exp()
        return (weights / weights.sum(dim=1, keepdim=True)).view(scores.shape)


@caught_by("test_the_scores_stay_as_they_were")
def shifts_in_place():
    """softmax that shifts the caller's logits in place (-= changes the input)"""
    edit("shifted = scores - scores", "scores -= scores")
    edit("shifted.exp", "scores.exp")


@caught_by("test_each_call_returns_a_tensor_of_its_own")
def result_remembered():
    """the result of the first call for a tensor, although its logits have changed since"""
    edit("def softmax", "import functools\n\n@functools.cache\ndef softmax")


@caught_by("test_the_gradient_is_torchs")
def denominator_without_gradient():
    """softmax whose denominator is detached, so that the gradient is incomplete"""
    edit("weights.sum(dim=dim, keepdim=True)", "weights.sum(dim=dim, keepdim=True).detach()")


@caught_by("test_the_gradient_is_torchs")
def no_gradient():
    """softmax computed without recording gradients, by no_grad() or detach()"""
    edit("shifted = scores", "scores = scores.detach()\n    shifted = scores")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_scores")
def float32_always():
    """softmax that returns float32, whatever the dtype of the logits"""
    edit("amax(dim=dim, keepdim=True)", "amax(dim=dim, keepdim=True)).exp()")
    edit("    weights = shifted.exp()\n", "")
    edit("shifted = scores", "scores = scores.float()\n    weights = (scores")
