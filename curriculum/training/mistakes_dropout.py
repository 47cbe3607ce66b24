"""Wrong versions of Dropout."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def not_scaled():
    """the kept elements not scaled up, so that the mean falls by the factor 1 - p"""
    with spelling():
        edit("x * kept * factor", "x * kept")
    with spelling():
        edit("x * kept * factor", "torch.where(kept, x, 0.0)")


@caught_by("test_evaluation_mode_changes_no_element")
def scaled_at_evaluation():
    """scaled down in evaluation mode, as in the first papers, instead of up in training mode"""
    edit("            return x\n", "            return x * (1 - self.p)\n")
    edit("x * kept * factor", "x * kept")


@caught_by("test_evaluation_mode_changes_no_element")
def scaled_in_both_modes():
    """scaled up in training mode, and scaled down in evaluation mode as well"""
    edit("            return x\n", "            return x * (1 - self.p)\n")


@caught_by("test_the_mean_stays_as_it_was")
def p_is_what_stays():
    """p and 1 - p exchanged in the draw: an element is kept with probability p"""
    with spelling():
        edit(">= self.p", "< self.p")
    with spelling():
        edit(
            "torch.rand(x.shape, generator=self.generator) >= self.p",
            "torch.bernoulli(torch.full_like(x, self.p), generator=self.generator)",
        )


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def paper_s_p():
    """p taken for the probability of keeping, in the draw and in the factor 1 / p"""
    edit(">= self.p", "< self.p")
    edit("1 / (1 - self.p) if self.p < 1", "1 / self.p if self.p")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def divided_by_p():
    """the kept elements divided by p instead of 1 - p"""
    edit("1 / (1 - self.p) if self.p < 1", "1 / self.p if self.p")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def multiplied_by_the_rest():
    """the kept elements multiplied by 1 - p instead of divided by it"""
    edit("1 / (1 - self.p) if self.p < 1", "1 - self.p if self.p < 1")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def one_plus_p():
    """the kept elements multiplied by 1 + p"""
    edit("1 / (1 - self.p) if self.p < 1 else 0.0", "1 + self.p")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def scaled_by_the_share_that_was_kept():
    """the kept elements divided by the share that was really kept, not by 1 - p"""
    with spelling():
        edit("1 / (1 - self.p) if self.p < 1 else 0.0", "1 / kept.double().mean().clamp(min=1e-9)")
    with spelling():
        edit("1 / (1 - self.p) if self.p < 1 else 0.0", "kept.numel() / kept.sum().clamp(min=1)")


@caught_by("test_elements_are_drawn_independently")
def one_mask_for_the_batch():
    """one mask for all rows of the batch, drawn for a single one of them"""
    with spelling():
        edit("torch.rand(x.shape,", "torch.rand(x.shape[1:],")
    with spelling():
        edit("torch.rand(x.shape,", "torch.rand(x.shape[-1:],")


@caught_by("test_elements_are_drawn_independently")
def whole_vectors_dropped():
    """whole vectors dropped: one draw for all features of a token"""
    edit("torch.rand(x.shape,", "torch.rand((*x.shape[:-1], 1)[-max(x.dim(), 1) :],")


@caught_by("test_elements_are_drawn_independently")
def whole_rows_of_the_batch_dropped():
    """whole rows of the batch dropped: one draw for each of them"""
    edit("torch.rand(x.shape,", "torch.rand((*x.shape[:1], *[1] * (x.dim() - 1)),")


@caught_by("test_the_number_of_dropped_elements_is_random")
def exact_share():
    """exactly the share p of the elements dropped, in a random order"""
    with spelling():
        edit(
            "kept = torch.rand(x.shape, generator=self.generator) >= self.p",
            "order = torch.randperm(x.numel(), generator=self.generator).reshape(x.shape)\n"
            "        kept = order >= round(self.p * x.numel())",
        )
    with spelling():
        edit(
            "kept = torch.rand(x.shape, generator=self.generator) >= self.p",
            "order = torch.rand(x.numel(), generator=self.generator).argsort().reshape(x.shape)\n"
            "        kept = order >= int(self.p * x.numel())",
        )


@caught_by("test_each_call_draws_anew")
def one_mask_for_all_calls():
    """the same elements dropped at each call: the generator seeded in each, or one mask kept"""
    with spelling():
        edit("self.generator = torch.Generator().manual_seed(seed)", "self.seed = seed")
        edit(
            "        kept =",
            "        self.generator = torch.Generator().manual_seed(self.seed)\n        kept =",
        )
    with spelling():
        edit(
            "        kept = torch.rand(x.shape, generator=self.generator) >= self.p",
            '        if not hasattr(self, "mask") or self.mask.shape != x.shape:\n'
            "            self.mask = torch.rand(x.shape, generator=self.generator) >= self.p\n"
            "        kept = self.mask",
        )


@caught_by("test_equal_seeds_drop_the_same_and_different_seeds_do_not")
def global_draws():
    """draws from PyTorch's global generator, whatever the seed is"""
    with spelling():
        edit(", generator=self.generator", "")
    with spelling():
        edit(
            "torch.rand(x.shape, generator=self.generator) >= self.p",
            "torch.empty_like(x).bernoulli_(1 - self.p)",
        )


@caught_by("test_the_global_generator_is_left_alone")
def global_generator_seeded():
    """PyTorch's global generator seeded and used, so that all other draws change with it"""
    edit("torch.Generator().manual_seed", "torch.default_generator.manual_seed")


@caught_by("test_the_global_generator_is_left_alone")
def global_generator_seeded_at_each_call():
    """PyTorch's global generator seeded in each call, so that all other draws change with it"""
    with spelling():
        edit(
            "kept = torch.rand(x.shape, generator=self.generator)",
            "number = torch.randint(2**62, (), generator=self.generator)\n"
            "        torch.default_generator.manual_seed(int(number))\n"
            "        kept = torch.rand(x.shape)",
        )
    with spelling():
        edit("self.generator = torch.Generator().manual_seed(seed)", "self.seed = seed << 20")
        edit(
            "kept = torch.rand(x.shape, generator=self.generator)",
            "torch.default_generator.manual_seed(self.seed)\n"
            "        self.seed += 1\n"
            "        kept = torch.rand(x.shape)",
        )


@caught_by("test_equal_seeds_drop_the_same_and_different_seeds_do_not")
def seed_ignored():
    """a generator that is never seeded, so that all modules drop the same elements"""
    with spelling():
        edit(".manual_seed(seed)", "")
    with spelling():
        edit("manual_seed(seed)", "manual_seed(0)")


@caught_by("test_equal_seeds_drop_the_same_and_different_seeds_do_not")
def seed_plus_calls():
    """a generator for each call, seeded with seed plus the number of calls: the second call with
    seed 0 drops what the first one with seed 1 drops"""
    edit("self.generator = torch.Generator().manual_seed(seed)", "self.next_seed = seed")
    edit(
        "        kept =",
        "        self.generator = torch.Generator().manual_seed(self.next_seed)\n"
        "        self.next_seed += 1\n        kept =",
    )


@caught_by("test_equal_seeds_drop_the_same_and_different_seeds_do_not")
def one_generator_for_all():
    """one generator for all modules, on the class: each module draws what another one left"""
    edit("self.generator = torch", "type(self).generator = torch")


@caught_by("test_evaluation_mode_changes_no_element")
def always_on():
    """elements dropped in evaluation mode too"""
    edit("        if not self.training:\n            return x\n", "")


@caught_by("test_evaluation_mode_changes_no_element")
def modes_exchanged():
    """elements dropped in evaluation mode, and none in training mode"""
    edit("if not self.training", "if self.training")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def only_with_gradients():
    """elements dropped only where x requires a gradient, whatever the mode is"""
    edit("not self.training", "not x.requires_grad")


@caught_by("test_evaluation_draws_nothing")
def drawn_before_the_mode_is_asked():
    """a mask drawn in evaluation mode too, though not used, so that later draws change"""
    edit("        if not self.training:\n            return x\n", "")
    edit(
        "        # With p = 1 nothing",
        "        if not self.training:\n            return x\n        # With p = 1 nothing",
    )


@caught_by("test_evaluation_draws_nothing")
def seeded_by_eval():
    """the generator seeded again in evaluation mode"""
    edit(
        "            return x\n",
        "            self.generator.manual_seed(self.seed)\n            return x\n",
    )
    edit("self.p = p", "self.p = p\n        self.seed = seed")


@caught_by("test_p_0_keeps_everything_and_p_1_nothing")
def dropped_where_the_draw_is_p():
    """an element dropped where the draw equals p: rand also returns 0, and p = 0 then drops one"""
    edit(">= self.p", "> self.p")


@caught_by("test_p_0_keeps_everything_and_p_1_nothing")
def zero_by_zero():
    """1 / (1 - p) for p = 1: an infinite factor times 0 is NaN"""
    with spelling():
        edit("if self.p < 1 else 0.0", 'if self.p < 1 else float("inf")')
    with spelling():
        edit("x * kept * factor", "x * kept / (1 - self.p)")
    with spelling():
        edit("x * kept * factor", "torch.where(kept, x / (1 - self.p), 0.0)")


@caught_by("test_p_0_keeps_everything_and_p_1_nothing")
def division_by_zero():
    """1 / (1 - p) for p = 1, which raises ZeroDivisionError"""
    edit(" if self.p < 1 else 0.0", "")


@caught_by("test_the_gradient_passes_where_the_value_passed")
def gradient_everywhere():
    """a gradient that passes for all elements, also for those that were set to 0"""
    with spelling():
        edit("return x * kept * factor", "return x + (x * kept * factor - x).detach()")
    with spelling():
        edit(
            "return x * kept * factor",
            "y = x * 1.0\n        y.data *= kept * factor\n        return y",
        )


@caught_by("test_the_gradient_passes_where_the_value_passed")
def no_gradient():
    """a result that is detached, through which no gradient flows"""
    with spelling():
        edit("x * kept * factor", "(x * kept * factor).detach()")
    with spelling():
        edit("x * kept * factor", "x.detach() * kept * factor + 0 * x")


@caught_by("test_the_gradient_passes_where_the_value_passed")
def no_gradient_at_zeros():
    """no gradient where x itself is 0, as if each 0 in the result had been dropped"""
    with spelling():
        edit("x * kept * factor", "x * (kept & (x != 0)) * factor")
    with spelling():
        edit(
            "return x * kept * factor",
            "places = (x.detach() * kept).nonzero(as_tuple=True)\n"
            "        return torch.zeros_like(x).index_put(places, x[places] * factor)",
        )


@caught_by("test_the_gradient_passes_where_the_value_passed")
def gradient_not_scaled():
    """a gradient of 1 for the kept elements, which were multiplied by 1 / (1 - p)"""
    edit("return x * kept * factor", "return x * kept + (x * kept * (factor - 1)).detach()")


@caught_by("test_the_input_stays_and_its_layout_does_not_matter")
def in_place():
    """the caller's x changed in place"""
    with spelling():
        edit("return x * kept * factor", "return x.mul_(kept * factor)")
    with spelling():
        edit("return x * kept * factor", "x.data[~kept] = 0\n        return x * factor")
    with spelling():
        edit("generator=self.generator)", "generator=self.generator, dtype=torch.float64)")
        edit(
            "return x * kept * factor",
            "y = x * kept * factor\n        x.data.copy_(y)\n        return y",
        )


@caught_by("test_the_input_stays_and_its_layout_does_not_matter")
def flattened_with_view():
    """x flattened with view, which fails for a transposed tensor"""
    edit("return x * kept * factor", "return (x.view(-1) * kept.view(-1) * factor).view(x.shape)")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def float32_always():
    """a float32 result, whatever the dtype of x is"""
    edit("return x * kept * factor", "return x.float() * kept * factor")


@caught_by("test_each_element_becomes_zero_or_is_scaled_by_the_rule")
def float64_mask():
    """a mask in float64, which makes a float32 result float64"""
    edit("x * kept * factor", "x * (kept.double() * factor)")


@caught_by("test_p_outside_0_to_1_is_refused_and_nothing_is_trained")
def p_not_checked():
    """a p outside 0 to 1 accepted, or moved to the nearest bound, instead of refused"""
    with spelling():
        edit(
            "if not 0 <= p <= 1:\n"
            '            raise ValueError(f"p must be a probability from 0 to 1, but it is {p}")\n'
            "        self.p = p",
            "self.p = min(max(p, 0), 1)",
        )
    with spelling():
        edit("0 <= p <= 1", "p <= 1")
    with spelling():
        edit("0 <= p <= 1", "p >= 0")


@caught_by("test_p_outside_0_to_1_is_refused_and_nothing_is_trained")
def assertion():
    """an assert, which raises AssertionError, instead of ValueError"""
    edit(
        "if not 0 <= p <= 1:\n"
        '            raise ValueError(f"p must be a probability from 0 to 1, but it is {p}")',
        "assert 0 <= p <= 1",
    )


@caught_by("test_p_0_keeps_everything_and_p_1_nothing")
def bounds_refused():
    """p = 0 and p = 1 refused, though both are probabilities"""
    edit("0 <= p <= 1", "0 < p < 1")


@caught_by("test_p_outside_0_to_1_is_refused_and_nothing_is_trained")
def p_is_trained():
    """p as a parameter, so that an optimizer finds it"""
    edit("self.p = p", "self.p = nn.Parameter(torch.tensor(float(p)), requires_grad=False)")
