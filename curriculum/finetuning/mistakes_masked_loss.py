"""What goes wrong with the masked loss."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def flags_not_shifted():
    """the flag of the id that is read, not of the one predicted: the first answer token is lost"""
    edit("row[1:].where(counts[1:], IGNORED)", "row[1:].where(counts[:-1], IGNORED)")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def first_answer_token_lost():
    """the first token of each answer lost: the flag of the id that is read has to be True too"""
    edit("row[1:].where(counts[1:], IGNORED)", "row[1:].where(counts[1:] & counts[:-1], IGNORED)")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def targets_not_shifted():
    """targets that are the inputs: the model learns to repeat the id that it reads"""
    with spelling():
        edit("row[1:].where(counts[1:], IGNORED)", "row[:-1].where(counts[:-1], IGNORED)")
    with spelling():
        edit("row[1:].where(counts[1:], IGNORED)", "row[:-1].where(counts[1:], IGNORED)")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def shifted_twice():
    """targets two places on: shifted here, and once more"""
    edit(
        "row[1:].where(counts[1:], IGNORED)",
        "torch.cat([row[2:].where(counts[2:], IGNORED), torch.tensor([IGNORED])])",
    )


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def last_token_lost():
    """the last id not learned, which is the end of the answer"""
    edit("= row[:-1]", "= row[:-1]\n        counts[-1] = False")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def questions_learned():
    """the prompt learned and the answer ignored: the mask the wrong way round"""
    edit("row[1:].where(counts[1:], IGNORED)", "row[1:].where(~counts[1:], IGNORED)")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def zero_for_ignored():
    """0 for ignored positions, which is the id of a token"""
    edit("row[1:].where(counts[1:], IGNORED)", "row[1:] * counts[1:]")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def pad_for_ignored():
    """the padding's id as the target of ignored positions"""
    edit("row[1:].where(counts[1:], IGNORED)", "row[1:].where(counts[1:], pad)")


@caught_by("test_a_target_is_the_next_id_if_that_is_learned")
def answer_masked_in_the_inputs():
    """prompts hidden in the inputs too, so that the model answers what it never reads"""
    edit("= row[:-1]", "= row[:-1].where(counts[:-1], pad)")


@caught_by("test_every_answer_of_a_conversation_is_learned")
def from_the_first_answer_on():
    """everything from the first answer on learned, also later questions"""
    with spelling():
        edit("counts = torch.tensor(learn) |", "counts = torch.tensor(learn).cumsum(0).bool() |")


@caught_by("test_every_answer_of_a_conversation_is_learned")
def last_answer_only():
    """only the last answer of a conversation learned"""
    edit(
        "counts = torch.tensor(learn) |",
        "asked = [place for place, own in enumerate(learn[:-1]) if not own]\n"
        "        last = max(asked, default=-1)\n"
        "        tail = [own and place > last for place, own in enumerate(learn)]\n"
        "        counts = torch.tensor(tail) |",
    )


@caught_by("test_every_answer_of_a_conversation_is_learned")
def first_answer_only():
    """only the first answer of a conversation learned"""
    edit(
        "counts = torch.tensor(learn) |",
        "first = next((t for t in range(1, len(learn)) if learn[t]), len(learn))\n"
        "        after = next((t for t in range(first, len(learn)) if not learn[t]), len(learn))\n"
        "        counts = torch.tensor([first <= t < after for t in range(len(learn))]) |",
    )


@caught_by("test_with_prompts_every_id_but_the_first_is_a_target")
def learn_prompts_ignored():
    """learn_prompts ignored"""
    edit(" | learn_prompts", "")


@caught_by("test_with_prompts_every_id_but_the_first_is_a_target")
def prompts_always_learned():
    """every id learned, whatever the flags and learn_prompts say"""
    edit("torch.tensor(learn) | learn_prompts", "torch.ones(len(ids), dtype=torch.bool)")


@caught_by("test_with_prompts_every_id_but_the_first_is_a_target")
def prompts_alone_learned():
    """with learn_prompts the prompts alone are learned, without the answers"""
    edit("torch.tensor(learn) | learn_prompts", "torch.tensor(learn) ^ learn_prompts")


@caught_by("test_padding_fills_the_inputs_and_is_no_target")
def padding_counts():
    """the padding is a target: the model learns to write it"""
    with spelling():
        edit(
            "targets = torch.full((len(chats), width), IGNORED)",
            "targets = torch.full((len(chats), width), pad)",
        )
    with spelling():
        edit(
            "    return inputs, targets",
            "    if learn_prompts:\n"
            "        targets = targets.where(targets != IGNORED, pad)\n"
            "    return inputs, targets",
        )


@caught_by("test_padding_fills_the_inputs_and_is_no_target")
def ignored_in_the_inputs():
    """-100 as padding of the inputs, which is no id of the model's"""
    edit(
        "inputs = torch.full((len(chats), width), pad)",
        "inputs = torch.full((len(chats), width), IGNORED)",
    )


@caught_by("test_padding_fills_the_inputs_and_is_no_target")
def padded_at_the_left():
    """padding at the beginning of the rows"""
    edit("inputs[b, : len(ids) - 1]", "inputs[b, width - len(ids) + 1 :]")
    edit("targets[b, : len(ids) - 1]", "targets[b, width - len(ids) + 1 :]")


@caught_by("test_padding_fills_the_inputs_and_is_no_target")
def last_id_of_short_rows_read():
    """rows padded first and cut afterwards, so that short rows keep their last id in the inputs"""
    edit("inputs[b, : len(ids) - 1] = row[:-1]", "inputs[b, : min(len(ids), width)] = row[:width]")


@caught_by("test_an_id_that_equals_the_padding_counts")
def end_lost_with_the_padding():
    """targets ignored where they equal pad: if pad is the end of an answer, no end is learned"""
    with spelling():
        edit(
            "    return inputs, targets",
            "    targets[targets == pad] = IGNORED\n    return inputs, targets",
        )
    with spelling():
        edit("return inputs, targets", "return inputs, targets.masked_fill(inputs == pad, IGNORED)")


@caught_by("test_an_id_that_equals_the_padding_counts")
def padding_cut_off_the_end():
    """ids that equal pad cut off the end of a conversation, as if they were padding"""
    edit(
        "row = torch.tensor(ids)",
        "while len(ids) > 2 and ids[-1] == pad:\n"
        "            ids, learn = ids[:-1], learn[:-1]\n"
        "        row = torch.tensor(ids)",
    )


@caught_by("test_inputs_and_targets_are_int64_of_one_shape")
def cut_to_the_shortest():
    """all conversations cut to the length of the shortest"""
    edit("width = max(", "width = min(")
    edit("inputs[b, : len(ids) - 1] = row[:-1]", "inputs[b] = row[:width]")
    edit(
        "targets[b, : len(ids) - 1] = row[1:].where(counts[1:], IGNORED)",
        "targets[b] = row[1:].where(counts[1:], IGNORED)[:width]",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def mean_over_all_flags():
    """the sum divided by the number of flags, also the first one's, whose id is no target"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "count = (targets != IGNORED).sum()\n"
        "    flags = count if learn_prompts else sum(sum(learn) for _, learn in chats)\n"
        "    return cross_entropy(model(inputs), targets, IGNORED) * count / max(flags, 1)",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def first_token_of_the_vocabulary_ignored():
    """targets of 0 ignored, although 0 is the id of a token"""
    edit(
        "cross_entropy(model(inputs), targets, IGNORED)",
        "cross_entropy(model(inputs), targets.where(targets > 0, IGNORED), IGNORED)",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def shifted_in_the_loss_too():
    """logits and targets shifted once more in masked_loss"""
    edit(
        "cross_entropy(model(inputs), targets, IGNORED)",
        "cross_entropy(model(inputs)[:, :-1], targets[:, 1:], IGNORED)",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def logarithm_of_softmax():
    """the logarithm of a softmax, which is wrong for a tiny probability"""
    with spelling():
        edit(
            "return cross_entropy(model(inputs), targets, IGNORED)",
            "kept = targets != IGNORED\n"
            "    chances = model(inputs)[kept].softmax(dim=-1)\n"
            "    own = chances.gather(-1, targets[kept][:, None])\n"
            "    return -own.log().sum() / kept.sum().clamp(min=1)",
        )
    with spelling():
        edit(
            "return cross_entropy(model(inputs), targets, IGNORED)",
            "kept = targets != IGNORED\n"
            "    chances = model(inputs)[kept].softmax(dim=-1)\n"
            "    own = chances.gather(-1, targets[kept][:, None])\n"
            "    return -(own + 1e-9).log().sum() / kept.sum().clamp(min=1)",
        )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def mean_over_all_positions():
    """the sum divided by all positions, also those that are ignored"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "share = (targets != IGNORED).sum() / targets.numel()\n"
        "    return cross_entropy(model(inputs), targets, IGNORED) * share",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def sum_of_losses():
    """the sum of the losses, not divided by their number"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "return cross_entropy(model(inputs), targets, IGNORED) * (targets != IGNORED).sum()",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def mean_of_means():
    """the mean of the conversations' means: a short answer weighs as much as a long one"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "rows = zip(model(inputs), targets, strict=True)\n"
        "    return torch.stack([cross_entropy(x, y, IGNORED) for x, y in rows]).mean()",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def logits_of_ignored_zeroed():
    """the logits of ignored positions set to 0 and counted with a target of 0"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "kept = targets != IGNORED\n"
        "    return cross_entropy(model(inputs) * kept[..., None], targets * kept, IGNORED)",
    )


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def learn_prompts_not_handed_on():
    """learn_prompts not handed on by masked_loss"""
    edit("batch_chats(chats, pad, learn_prompts)", "batch_chats(chats, pad)")


@caught_by("test_the_loss_is_the_mean_over_the_ids_that_count")
def bits_for_nats():
    """the logarithm to base 2"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "return cross_entropy(model(inputs), targets, IGNORED) / 0.6931471805599453",
    )


@caught_by("test_nothing_to_learn_costs_nothing")
def nan_without_answers():
    """NaN where no id counts: 0 divided by 0"""
    edit(
        "return cross_entropy(model(inputs), targets, IGNORED)",
        "count = (targets != IGNORED).sum()\n"
        "    return cross_entropy(model(inputs), targets, IGNORED) * count / count",
    )


@caught_by("test_gradients_reach_the_model")
def no_gradient():
    """a loss without a graph: item() or no_grad()"""
    with spelling():
        edit(
            "return cross_entropy(model(inputs), targets, IGNORED)",
            "return cross_entropy(model(inputs), targets, IGNORED).detach()",
        )
    with spelling():
        edit(
            "    inputs, targets = batch",
            "    torch.set_grad_enabled(False)\n    inputs, targets = batch",
        )
        edit(
            "return cross_entropy(model(inputs), targets, IGNORED)",
            "loss = cross_entropy(model(inputs), targets, IGNORED)\n"
            "    torch.set_grad_enabled(True)\n"
            "    return loss",
        )


@caught_by("test_the_model_is_called_once_with_the_inputs")
def evaluation_mode():
    """the model switched to evaluation or training mode"""
    with spelling():
        edit("    inputs, targets = batch", "    model.eval()\n    inputs, targets = batch")
    with spelling():
        edit("    inputs, targets = batch", "    model.train()\n    inputs, targets = batch")


@caught_by("test_the_model_is_called_once_with_the_inputs")
def a_call_for_each_conversation():
    """the model called once for each conversation"""
    edit(
        "cross_entropy(model(inputs), targets, IGNORED)",
        "cross_entropy(torch.cat([model(row) for row in inputs.split(1)]), targets, IGNORED)",
    )


@caught_by("test_the_model_is_called_once_with_the_inputs")
def whole_conversation_read():
    """the model called with all ids, also the last, and its last logits dropped"""
    edit(
        "cross_entropy(model(inputs), targets, IGNORED)",
        "cross_entropy(\n"
        "        model(torch.cat([inputs, inputs[:, -1:]], dim=1))[:, :-1], targets, IGNORED\n"
        "    )",
    )


@caught_by("test_an_empty_batch_is_refused")
def empty_batch_accepted():
    """an empty batch gives empty tensors"""
    edit(
        'raise ValueError("a batch has at least one conversation")',
        "return torch.zeros(0, 0).long(), torch.zeros(0, 0).long()",
    )


@caught_by("test_the_conversations_stay_as_they_were")
def lists_changed():
    """the caller's lists changed: the first id or flag removed"""
    with spelling():
        edit(
            "        targets[b, :",
            "        learn[0] = True\n        targets[b, :",
        )
    with spelling():
        edit(
            "    return inputs, targets",
            "    chats.sort(key=lambda chat: len(chat[0]))\n    return inputs, targets",
        )


@caught_by("test_inputs_and_targets_are_int64_of_one_shape")
def as_wide_as_the_conversation():
    """tensors as wide as the longest conversation, with a last column that predicts nothing"""
    edit(
        "width = max(len(ids) for ids, _ in chats) - 1", "width = max(len(ids) for ids, _ in chats)"
    )


@caught_by("test_inputs_and_targets_are_int64_of_one_shape")
def lists_returned():
    """lists of lists returned instead of tensors"""
    edit("    return inputs, targets", "    return inputs.tolist(), targets.tolist()")


@caught_by("test_inputs_and_targets_are_int64_of_one_shape")
def smaller_integers():
    """int32 instead of int64"""
    edit("    return inputs, targets", "    return inputs.int(), targets.int()")
