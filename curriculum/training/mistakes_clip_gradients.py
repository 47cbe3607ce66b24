"""Wrong versions of clip_gradients."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_bound_is_about_all_gradients_together")
def each_tensor_by_itself():
    """each gradient clipped by its own norm, which changes the direction of the step"""
    edit(
        "    if norm > max_norm:\n        for gradient in gradients:\n"
        "            gradient.mul_(max_norm / norm)",
        "    for gradient in gradients:\n        own = gradient.norm().item()\n"
        "        if own > max_norm:\n            gradient.mul_(max_norm / own)",
    )


@caught_by("test_below_the_bound_gradients_stay_bit_for_bit")
def squared_norm_compared():
    """max_norm compared with the sum of the squares, not with its root"""
    edit("norm > max_norm", "norm**2 > max_norm")


@caught_by("test_a_joint_norm_worked_by_hand")
def largest_number():
    """the largest number, without its sign, taken for the norm"""
    edit(
        "math.hypot(*(gradient.norm().item() for gradient in gradients))",
        "max([0.0, *(g.abs().max().item() for g in gradients)])",
    )


@caught_by("test_large_and_small_numbers_and_both_dtypes_count")
def squares_in_16_bits():
    """squares in float16 or bfloat16, which are too rough; in float16 a large one is infinite"""
    with spelling():
        edit(
            "math.hypot(*(gradient.norm().item() for gradient in gradients))",
            "math.sqrt(math.fsum(g.half().square().sum().item() for g in gradients))",
        )
    with spelling():
        edit(
            "math.hypot(*(gradient.norm().item() for gradient in gradients))",
            "math.sqrt(math.fsum(g.bfloat16().square().sum().item() for g in gradients))",
        )


@caught_by("test_below_the_bound_gradients_stay_bit_for_bit")
def always_scaled():
    """gradients scaled to max_norm always, also when their norm is smaller"""
    edit("norm > max_norm", "norm > 0")


@caught_by("test_a_joint_norm_worked_by_hand")
def norm_after():
    """the norm after clipping returned, not the one before"""
    with spelling():
        edit("return norm", "return min(norm, max_norm)")
    with spelling():
        edit("return norm", "return math.hypot(*(g.norm().item() for g in gradients))")


@caught_by("test_parameters_may_come_in_an_iterable_that_is_read_once")
def read_twice():
    """an iterable of parameters read twice: the second time it is empty, and nothing is scaled"""
    edit(
        "for gradient in gradients:\n",
        "for gradient in [p.grad for p in parameters if p.grad is not None]:\n",
    )


@caught_by("test_a_joint_norm_worked_by_hand")
def values_clamped():
    """each number clamped to the range from -max_norm to max_norm"""
    edit("gradient.mul_(max_norm / norm)", "gradient.clamp_(-max_norm, max_norm)")


@caught_by("test_a_joint_norm_worked_by_hand")
def sum_of_norms():
    """the sum of the tensors' norms, not the root of the sum of their squares"""
    edit(
        "hypot(*(gradient.norm().item() for gradient in gradients))",
        "fsum(g.norm().item() for g in gradients)",
    )


@caught_by("test_a_joint_norm_worked_by_hand")
def largest_norm():
    """the largest of the tensors' norms"""
    edit(
        "math.hypot(*(gradient.norm().item() for gradient in gradients))",
        "max([0.0, *(g.norm().item() for g in gradients)])",
    )


@caught_by("test_a_joint_norm_worked_by_hand")
def absolute_values():
    """the sum of absolute values (the L1 norm)"""
    edit(
        "math.hypot(*(gradient.norm().item() for gradient in gradients))",
        "math.fsum(g.abs().sum().item() for g in gradients)",
    )


@caught_by("test_a_joint_norm_worked_by_hand")
def no_root():
    """the sum of the squares without the root"""
    edit(
        "math.hypot(*(gradient.norm().item() for gradient in gradients))",
        "math.fsum(g.square().sum().item() for g in gradients)",
    )


@caught_by("test_all_gradients_are_scaled_by_one_factor")
def mean_of_the_squares():
    """the root of the mean of the squares, not of their sum"""
    edit(
        "math.hypot(*(gradient.norm().item() for gradient in gradients))",
        "math.hypot(*(g.norm().item() for g in gradients))\n"
        "    norm /= max(1, sum(g.numel() for g in gradients)) ** 0.5",
    )


@caught_by("test_all_gradients_are_scaled_by_one_factor")
def divided_by_the_norm():
    """gradients divided by the norm, without the factor max_norm"""
    edit("mul_(max_norm / norm)", "mul_(1 / norm)")


@caught_by("test_a_joint_norm_worked_by_hand")
def factor_upside_down():
    """gradients multiplied by norm / max_norm, which makes them larger"""
    edit("mul_(max_norm / norm)", "mul_(norm / max_norm)")


@caught_by("test_a_joint_norm_worked_by_hand")
def parameters_clipped():
    """the parameters scaled in place of their gradients"""
    edit("gradients = [", "parameters = list(parameters)\n    gradients = [")
    edit(
        "for gradient in gradients:\n            gradient.mul_",
        "for parameter in parameters:\n            parameter.data.mul_",
    )


@caught_by("test_a_joint_norm_worked_by_hand")
def copies_scaled():
    """scaled copies, so that the gradients stay as they were"""
    edit("gradient.mul_(max_norm / norm)", "gradient = gradient * (max_norm / norm)")


@caught_by("test_a_parameter_without_gradient_is_left_out")
def none_used():
    """a grad of None used like a tensor, which ends in an error"""
    edit(" if parameter.grad is not None]", "]")


@caught_by("test_a_parameter_without_gradient_is_left_out")
def none_made_zeros():
    """a grad of None replaced by zeros"""
    edit(
        "gradients = [",
        "parameters = list(parameters)\n    for parameter in parameters:\n"
        "        if parameter.grad is None:\n"
        "            parameter.grad = torch.zeros_like(parameter)\n    gradients = [",
    )


@caught_by("test_a_parameter_without_gradient_is_left_out")
def stops_at_none():
    """gradients collected up to the first None"""
    edit(
        "gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]",
        "gradients = []\n    for parameter in parameters:\n        if parameter.grad is None:\n"
        "            break\n        gradients.append(parameter.grad)",
    )


@caught_by("test_without_any_gradient_the_norm_is_zero")
def divided_by_zero():
    """a factor that is computed before the comparison: with a norm of 0 it divides by zero"""
    edit("if norm > max_norm:", "factor = max_norm / norm\n    if factor < 1:")
    edit("gradient.mul_(max_norm / norm)", "gradient.mul_(factor)")


@caught_by("test_without_any_gradient_the_norm_is_zero")
def stack_of_nothing():
    """norms that are stacked, which fails when there is no gradient at all"""
    edit(
        "math.hypot(*(gradient.norm().item() for gradient in gradients))",
        "torch.stack([g.norm().double() for g in gradients]).norm().item()",
    )


@caught_by("test_the_norm_before_is_returned_as_a_python_float")
def tensor_in_place_of_a_number():
    """a tensor returned in place of a Python float"""
    edit("return norm", "return torch.tensor(norm)")


@caught_by("test_the_norm_before_is_returned_as_a_python_float")
def nothing_returned():
    """None returned when nothing is clipped, or always"""
    with spelling():
        edit("return norm", "return norm if norm > max_norm else None")
    with spelling():
        edit("return norm", "return None")


@caught_by("test_the_layout_and_the_size_do_not_matter")
def flattened_with_view():
    """gradients flattened with view(-1), which fails for a transposed one"""
    edit("gradient.norm()", "gradient.view(-1).norm()")


@caught_by("test_the_layout_and_the_size_do_not_matter")
def matrix_norm():
    """the largest singular value of each matrix (its 2-norm) in place of the root of the squares"""
    edit("gradient.norm()", "torch.linalg.norm(gradient, 2)")


@caught_by("test_large_and_small_numbers_and_both_dtypes_count")
def constant_added():
    """the norm plus a small constant such as 1e-6, which is meant against division by zero"""
    edit("for gradient in gradients))\n", "for gradient in gradients)) + 1e-6\n")


@caught_by("test_large_and_small_numbers_and_both_dtypes_count")
def small_norm_taken_for_zero():
    """a small norm returned as 0, by rounding or by a comparison"""
    with spelling():
        edit("return norm", "return norm if norm > 1e-8 else 0.0")
    with spelling():
        edit("return norm", "return round(norm, 4)")


@caught_by("test_parameters_stay_as_they_are")
def weights_scaled_too():
    """the parameters scaled with their gradients"""
    edit("gradients = [", "parameters = list(parameters)\n    gradients = [")
    edit(
        "return norm",
        "for parameter in parameters if norm > max_norm else ():\n"
        "        parameter.data.mul_(max_norm / norm)\n    return norm",
    )


@caught_by("test_afterwards_the_joint_norm_is_max_norm")
def root_of_the_factor():
    """gradients multiplied by the root of the factor"""
    edit("mul_(max_norm / norm)", "mul_((max_norm / norm) ** 0.5)")
