"""Wrong versions of repetition_penalty."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_row_worked_by_hand")
def negative_logits_divided():
    """negative logits divided as well, which raises them: repetition is rewarded"""
    edit("torch.where(logits > 0, logits / penalty, logits * penalty)", "logits / penalty")


@caught_by("test_a_row_worked_by_hand")
def positive_logits_multiplied():
    """positive logits multiplied and negative ones divided: the two cases exchanged"""
    edit("logits > 0", "logits < 0")


@caught_by("test_a_row_worked_by_hand")
def all_multiplied():
    """every logit multiplied by the penalty, whatever its sign"""
    edit("torch.where(logits > 0, logits / penalty, logits * penalty)", "logits * penalty")


@caught_by("test_a_row_worked_by_hand")
def penalty_subtracted():
    """the penalty subtracted from the logits, as a presence penalty is"""
    edit("torch.where(logits > 0, logits / penalty, logits * penalty)", "logits - penalty")


@caught_by("test_a_row_worked_by_hand")
def share_subtracted():
    """the share penalty - 1 of each logit's absolute value subtracted, which divides no logit"""
    edit(
        "torch.where(logits > 0, logits / penalty, logits * penalty)",
        "logits - logits.abs() * (penalty - 1)",
    )


@caught_by("test_a_row_worked_by_hand")
def penalty_subtracted_per_occurrence():
    """the penalty subtracted for each occurrence, as a frequency penalty is"""
    edit(
        "penalised = torch.where(logits > 0, logits / penalty, logits * penalty)",
        "counts = torch.zeros_like(logits).scatter_add(\n"
        "        -1, ids, torch.ones(ids.shape, dtype=logits.dtype)\n    )\n"
        "    penalised = logits - penalty * counts",
    )


@caught_by("test_a_token_is_penalised_once")
def once_per_occurrence():
    """a penalty for each occurrence: a token that occurs three times is penalised three times"""
    with spelling():
        edit(
            "penalised = torch.where(logits > 0, logits / penalty, logits * penalty)",
            "counts = torch.zeros_like(logits).scatter_add(\n"
            "        -1, ids, torch.ones(ids.shape, dtype=logits.dtype)\n    )\n"
            "    factor = penalty**counts\n"
            "    penalised = torch.where(logits > 0, logits / factor, logits * factor)",
        )
    with spelling():

        def repetition_penalty(logits, ids, penalty):
            if penalty <= 0:
                raise ValueError(penalty)
            result = logits.clone()
            for i in range(ids.shape[-1]):
                token = ids[..., i : i + 1]
                x = result.gather(-1, token)
                x = torch.where(x > 0, x / penalty, x * penalty)
                result = result.scatter(-1, token, x)
            return result


@caught_by("test_a_token_is_penalised_once")
def only_neighbours_merged():
    """only repetitions that follow each other counted once, as by unique_consecutive"""

    def repetition_penalty(logits, ids, penalty):
        if penalty <= 0:
            raise ValueError(penalty)
        result = logits.clone()
        for i in range(ids.shape[-1]):
            token = ids[..., i : i + 1]
            x = result.gather(-1, token)
            changed = torch.where(x > 0, x / penalty, x * penalty)
            again = token == ids[..., i - 1 : i] if i else torch.zeros_like(token, dtype=torch.bool)
            result = result.scatter(-1, token, torch.where(again, x, changed))
        return result


@caught_by("test_every_row_has_its_own_ids")
def ids_of_all_rows():
    """the ids of all rows penalised in every row"""
    with spelling():
        edit(
            "torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)",
            "torch.isin(torch.arange(logits.shape[-1]), ids).expand(logits.shape)",
        )
    with spelling():
        edit(
            "occurred = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)",
            "occurred = torch.zeros_like(logits, dtype=torch.bool)\n"
            "    occurred[..., ids.flatten()] = True",
        )


@caught_by("test_every_row_has_its_own_ids")
def ids_of_the_first_row():
    """the ids of the first row penalised in every row"""
    edit(
        "occurred = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)",
        "first = ids.reshape(-1, ids.shape[-1])[0]\n"
        "    occurred = torch.isin(torch.arange(logits.shape[-1]), first).expand(logits.shape)",
    )


@caught_by("test_a_row_worked_by_hand")
def only_the_last_token():
    """only the last token of the text penalised"""
    edit("scatter(-1, ids, True)", "scatter(-1, ids[..., -1:], True)")


@caught_by("test_a_row_worked_by_hand")
def last_token_left_out():
    """the last token of the text not penalised: an off-by-one error"""
    edit("scatter(-1, ids, True)", "scatter(-1, ids[..., :-1], True)")


@caught_by("test_a_row_worked_by_hand")
def id_zero_left_out():
    """id 0 never penalised, as if it were padding"""
    edit("# (..., V)", "# (..., V)\n    occurred[..., 0] = False")


@caught_by("test_a_row_worked_by_hand")
def excluded():
    """tokens that occurred excluded (-inf), so that none can come twice"""
    edit(
        "torch.where(logits > 0, logits / penalty, logits * penalty)",
        "torch.full_like(logits, -torch.inf)",
    )


@caught_by("test_a_row_worked_by_hand")
def the_others_penalised():
    """the tokens penalised that did not occur: the mask the wrong way round"""
    edit("torch.where(occurred, penalised, logits)", "torch.where(occurred, logits, penalised)")


@caught_by("test_a_row_worked_by_hand")
def all_penalised():
    """every token penalised, whether it occurred or not"""
    edit("torch.where(occurred, penalised, logits)", "penalised")


@caught_by("test_a_row_worked_by_hand")
def others_set_to_zero():
    """0 in place of the logits of tokens that did not occur"""
    edit("torch.where(occurred, penalised, logits)", "torch.where(occurred, penalised, 0.0)")


@caught_by("test_a_row_worked_by_hand")
def probabilities_divided():
    """probabilities divided by the penalty, not logits"""
    with spelling():
        edit(
            "return torch.where(occurred, penalised, logits)",
            "p = torch.softmax(logits, dim=-1)\n    return torch.where(occurred, p / penalty, p)",
        )
    with spelling():
        edit(
            "return torch.where(occurred, penalised, logits)",
            "p = torch.softmax(logits, dim=-1)\n"
            "    p = torch.where(occurred, p / penalty, p)\n"
            "    return p / p.sum(dim=-1, keepdim=True)",
        )


@caught_by("test_a_row_worked_by_hand")
def log_probabilities_penalised():
    """log-probabilities in place of logits: they are all negative, so all are multiplied"""
    edit("if penalty <= 0:", "logits = torch.log_softmax(logits, dim=-1)\n    if penalty <= 0:")


@caught_by("test_a_row_worked_by_hand")
def probabilities_returned():
    """probabilities returned instead of logits"""
    edit(
        "return torch.where(occurred, penalised, logits)",
        "return torch.softmax(torch.where(occurred, penalised, logits), dim=-1)",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def only_the_penalised_logits():
    """only the logits of the ids returned, not those of the whole vocabulary"""
    edit("torch.where(occurred, penalised, logits)", "penalised.gather(-1, ids)")


@caught_by("test_a_row_worked_by_hand")
def ids_taken_for_places():
    """the first T tokens of the vocabulary penalised: places in the text taken for ids"""
    edit(
        "scatter(-1, ids, True)",
        "scatter(-1, torch.arange(min(ids.shape[-1], logits.shape[-1])).expand("
        "*logits.shape[:-1], -1), True)",
    )


@caught_by("test_zero_and_minus_infinity_stay")
def minus_infinity_times_zero():
    """a mask of 0 and 1 multiplied with the logits, so that -inf times 0 gives NaN"""
    edit("torch.where(occurred, penalised, logits)", "occurred * penalised + ~occurred * logits")


@caught_by("test_zero_and_minus_infinity_stay")
def minus_infinity_replaced():
    """-inf replaced by a large negative number"""
    edit("if penalty <= 0:", "logits = logits.clamp(min=-1e9)\n    if penalty <= 0:")


@caught_by("test_without_ids_nothing_changes")
def no_ids_fail():
    """an error if there are no ids: a maximum over nothing"""
    edit(
        "occurred = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)",
        "occurred = torch.nn.functional.one_hot(ids, logits.shape[-1]).amax(dim=-2) > 0",
    )


@caught_by("test_a_penalty_of_one_or_less")
def below_one_refused():
    """an error for a penalty below 1"""
    edit("penalty <= 0", "penalty < 1")


@caught_by("test_a_penalty_of_one_or_less")
def below_one_taken_for_one():
    """a penalty below 1 taken for 1"""
    edit(
        "if penalty <= 0:",
        "if penalty > 0:\n        penalty = max(penalty, 1.0)\n    if penalty <= 0:",
    )


@caught_by("test_a_penalty_that_is_not_positive_is_refused")
def not_positive_accepted():
    """no error for a penalty of 0, or for any that is not positive"""
    with spelling():
        edit("penalty <= 0", "penalty < 0")
    with spelling():
        edit("penalty <= 0", "penalty is None")


@caught_by("test_the_inputs_stay_as_they_were")
def written_in_place():
    """the caller's logits changed in place (scatter_ or an assignment by index)"""
    edit(
        "return torch.where(occurred, penalised, logits)",
        "return logits.copy_(torch.where(occurred, penalised, logits))",
    )


@caught_by("test_the_inputs_stay_as_they_were")
def the_input_itself():
    """the caller's own tensor returned if nothing has to change"""
    with spelling():
        edit(
            "occurred = ",
            "if penalty == 1 or ids.shape[-1] == 0:\n        return logits\n    occurred = ",
        )
    with spelling():
        edit("occurred = ", "if penalty == 1:\n        return logits\n    occurred = ")
    with spelling():
        edit("occurred = ", "if ids.numel() == 0:\n        return logits\n    occurred = ")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def float64_made_float32():
    """float32 returned for float64 logits"""
    edit("if penalty <= 0:", "logits = logits.float()\n    if penalty <= 0:")


@caught_by("test_the_result_has_the_shape_and_dtype_of_the_logits")
def two_dimensions_only():
    """rows counted along the first dimension, as for logits of shape (B, V) alone"""
    edit(
        "occurred = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, ids, True)",
        "occurred = torch.zeros_like(logits, dtype=torch.bool)\n"
        "    occurred[torch.arange(len(logits))[:, None], ids] = True",
    )


@caught_by("test_the_layout_in_memory_does_not_matter")
def flattened_with_view():
    """rows flattened with view, which fails for a transposed tensor"""
    edit("occurred = ", "logits.view(-1, logits.shape[-1])\n    occurred = ")
