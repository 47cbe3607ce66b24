"""Wrong versions of evaluate and train_loop."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_every_target_counts_the_same")
def mean_of_the_calls_means():
    """the mean of the losses of all calls, so that a target in a smaller last call counts more"""
    edit(" * y.numel()", "")
    edit("total / targets.numel()", "total / len(inputs.split(batch))")


@caught_by("test_every_target_counts_the_same")
def last_windows_left_out():
    """windows left out where the last call would have fewer than batch"""
    edit(
        "    mode = model.training\n",
        "    whole = max(len(inputs) // batch, 1) * batch\n"
        "    inputs, targets = inputs[:whole], targets[:whole]\n    mode = model.training\n",
    )


@caught_by("test_every_target_counts_the_same")
def overlapping_windows():
    """windows that begin at every token, so that they overlap"""
    edit("= sliding_window(tokens, context, context)", "= sliding_window(tokens, context, 1)")


@caught_by("test_every_target_counts_the_same")
def strides_of_contiguous_tokens():
    """windows made by as_strided, with strides that are right only for contiguous tokens"""
    edit(
        "    inputs, targets = sliding_window(tokens, context, context)\n    if",
        "    shape = ((len(tokens) - 1) // context, context)\n"
        "    inputs = tokens.as_strided(shape, (context, 1), tokens.storage_offset())\n"
        "    targets = tokens.as_strided(shape, (context, 1), tokens.storage_offset() + 1)\n    if",
    )


@caught_by("test_every_target_counts_the_same")
def pieces_without_a_common_token():
    """pieces of T + 1 tokens that share none, so that a target between two pieces is lost"""
    edit(
        "    inputs, targets = sliding_window(tokens, context, context)\n    if",
        "    pieces = tokens[: len(tokens) // (context + 1) * (context + 1)]\n"
        "    pieces = pieces.reshape(-1, context + 1)\n"
        "    inputs, targets = pieces[:, :-1], pieces[:, 1:]\n    if",
    )


@caught_by("test_every_target_counts_the_same")
def rest_as_a_shorter_window():
    """the tokens after the last window evaluated too, as a shorter window"""
    edit(
        "    model.train(mode)\n    return total / targets.numel()",
        "        rest = tokens[targets.numel() :]\n"
        "        if len(rest) > 1:\n"
        "            loss = cross_entropy(model(rest[None, :-1])[0], rest[1:])\n"
        "            total += loss.item() * (len(rest) - 1)\n"
        "    model.train(mode)\n    return total / (len(tokens) - 1)",
    )


@caught_by("test_every_target_counts_the_same")
def last_targets_only():
    """the loss of the last target of each window only"""
    edit("cross_entropy(model(x), y).item()", "cross_entropy(model(x)[:, -1], y[:, -1]).item()")


@caught_by("test_every_target_counts_the_same")
def random_windows_evaluated():
    """an estimate from windows drawn at random"""
    edit(
        "    mode = model.training\n",
        "    generator = torch.Generator().manual_seed(0)\n"
        "    starts = torch.randint(len(tokens) - context, (len(inputs), 1), generator=generator)\n"
        "    places = starts + torch.arange(context)\n"
        "    inputs, targets = tokens[places], tokens[places + 1]\n    mode = model.training\n",
    )


@caught_by("test_every_target_counts_the_same")
def one_batch_evaluated():
    """the loss of the first batch of windows only"""
    edit(
        "    mode = model.training\n",
        "    inputs, targets = inputs[:batch], targets[:batch]\n    mode = model.training\n",
    )


@caught_by("test_the_loss_of_equal_logits_is_log_v")
def sum_of_the_losses():
    """the sum of all losses, not divided by the number of targets"""
    edit("total / targets.numel()", "total")


@caught_by("test_the_loss_of_equal_logits_is_log_v")
def loss_per_window():
    """the sum of all losses divided by the number of windows, not of targets"""
    edit("total / targets.numel()", "total / len(targets)")


@caught_by("test_the_loss_of_equal_logits_is_log_v")
def loss_as_a_tensor():
    """the loss returned as a tensor instead of a float"""
    edit("total / targets.numel()", "torch.tensor(total / targets.numel())")


@caught_by("test_every_target_counts_the_same")
def inputs_predicted():
    """the inputs taken for the targets of an evaluation"""
    edit("zip(inputs.split(batch), targets", "zip(inputs.split(batch), inputs")


@caught_by("test_windows_come_in_calls_of_at_most_batch")
def all_windows_in_one_call():
    """all windows given to the model in one call, which takes memory for all of them"""
    with spelling():
        edit("inputs.split(batch)", "[inputs]")
        edit("targets.split(batch)", "[targets]")
    with spelling():
        edit("inputs.split(batch)", "inputs.split(max(batch, 64))")
        edit("targets.split(batch)", "targets.split(max(batch, 64))")


@caught_by("test_windows_come_in_calls_of_at_most_batch")
def batch_taken_for_the_number_of_calls():
    """the windows divided into batch calls, not into calls of batch windows"""
    edit("inputs.split(batch)", "inputs.chunk(batch)")
    edit("targets.split(batch)", "targets.chunk(batch)")


@caught_by("test_evaluation_mode_without_gradients")
def evaluated_in_training_mode():
    """an evaluation in training mode, in which dropout would be on"""
    edit("    model.eval()\n", "")


@caught_by("test_evaluation_mode_without_gradients")
def gradients_recorded():
    """an evaluation that records gradients, which takes memory and time for nothing"""
    edit("with torch.no_grad():", "with torch.enable_grad():")


@caught_by("test_evaluation_mode_without_gradients")
def left_in_evaluation_mode():
    """a model that stays in evaluation mode after an evaluation"""
    with spelling():
        edit("    model.train(mode)\n", "")
    with spelling():
        edit("    model.train(mode)\n", "")
        edit("        model.train()\n", "")
        edit("    for step, rate", "    model.train()\n    for step, rate")


@caught_by("test_evaluation_mode_without_gradients")
def always_left_in_training_mode():
    """a model that is in training mode after an evaluation, whatever its mode was"""
    edit("model.train(mode)", "model.train()")


@caught_by("test_evaluation_mode_without_gradients")
def gradients_cleared():
    """gradients of the model set to None by an evaluation"""
    edit("    model.eval()\n", "    model.eval()\n    model.zero_grad()\n")


@caught_by("test_a_text_without_a_window_is_refused")
def nothing_evaluated():
    """a loss of 0 or NaN for a text without a window instead of an error"""
    with spelling():
        edit(
            'raise ValueError(f"{len(tokens)} tokens have no window of {context} and its targets")',
            "return 0.0",
        )
    with spelling():
        edit(
            'raise ValueError(f"{len(tokens)} tokens have no window of {context} and its targets")',
            'return float("nan")',
        )


@caught_by("test_a_text_without_a_window_is_refused")
def refused_at_the_first_batch():
    """a text for training that has no window, refused only when the first batch is drawn"""
    edit(
        "    if len(train) <= context:\n        raise ValueError("
        'f"{len(train)} tokens have no window of {context} and its targets")\n',
        "",
    )
    edit(
        "        starts = torch",
        '        if len(train) <= context:\n            raise ValueError("no window")\n'
        "        starts = torch",
    )


@caught_by("test_a_text_without_a_window_is_refused")
def short_text_for_training():
    """a text for training without a window not refused, so that randint raises its own error"""
    edit(
        "    if len(train) <= context:\n        raise ValueError("
        'f"{len(train)} tokens have no window of {context} and its targets")\n',
        "",
    )


@caught_by("test_the_model_is_evaluated_at_the_start_every_k_steps_and_at_the_end")
def evaluated_on_the_training_text():
    """the loss of the text for training in the history, which says nothing about new text"""
    edit(
        "            history.append((step, evaluate(model, valid,",
        "            history.append((step, evaluate(model, train,",
    )


@caught_by("test_the_model_is_evaluated_at_the_start_every_k_steps_and_at_the_end")
def training_losses_in_the_history():
    """the loss of the last batch in the history instead of the validation loss"""
    edit("append((step, evaluate(model, valid, batch, context)))", "append((step, loss))")


@caught_by("test_the_losses_of_three_steps_worked_by_hand")
def no_evaluation_before_the_first_step():
    """no evaluation before the first step"""
    edit("history = [(0, evaluate(model, valid, batch, context))]", "history = []")


@caught_by("test_the_model_is_evaluated_at_the_start_every_k_steps_and_at_the_end")
def no_evaluation_at_the_end():
    """no evaluation after the last step, unless its number is a multiple of evaluate_every"""
    edit(" or step == len(rates)", "")


@caught_by("test_the_losses_of_three_steps_worked_by_hand")
def evaluated_twice_at_the_end():
    """two evaluations after the last step where its number is a multiple of evaluate_every"""
    edit(" or step == len(rates)", "")
    edit(
        "    return history",
        "    history.append((len(rates), evaluate(model, valid, batch, context)))\n"
        "    return history",
    )


@caught_by("test_the_model_is_evaluated_at_the_start_every_k_steps_and_at_the_end")
def evaluated_in_each_step():
    """an evaluation after every step, of which only some are kept, which takes time for nothing"""
    edit(
        "        if step % evaluate_every == 0 or step == len(rates):\n"
        "            history.append((step, evaluate(model, valid, batch, context)))\n",
        "        validation = evaluate(model, valid, batch, context)\n"
        "        if step % evaluate_every == 0 or step == len(rates):\n"
        "            history.append((step, validation))\n",
    )


@caught_by("test_the_losses_of_three_steps_worked_by_hand")
def evaluated_before_the_step():
    """evaluations before a step instead of after it, so that each loss is a step too early"""
    with spelling():
        edit("start=1", "start=0")
        edit("[(0, evaluate(model, valid, batch, context))]", "[]")
        edit("step == len(rates)", "step == len(rates) - 1")
    with spelling():
        edit("history = [(0, evaluate", "history = [] if rates else [(0, evaluate")
        edit(
            "        if step % evaluate_every == 0 or step == len(rates):\n"
            "            history.append((step, evaluate(model, valid, batch, context)))\n",
            "",
        )
        edit(
            "        starts = torch",
            "        done = step - 1\n"
            "        if done % evaluate_every == 0 or step == len(rates):\n"
            "            history.append((done, evaluate(model, valid, batch, context)))\n"
            "        starts = torch",
        )
    with spelling():
        edit(
            "        if step % evaluate_every == 0 or step == len(rates):\n"
            "            history.append((step, evaluate(model, valid, batch, context)))\n",
            "",
        )
        edit(
            "        starts = torch",
            "        if step % evaluate_every == 0 or step == len(rates):\n"
            "            history.append((step, evaluate(model, valid, batch, context)))\n"
            "        starts = torch",
        )


@caught_by("test_the_losses_of_three_steps_worked_by_hand")
def losses_without_steps():
    """a history of losses alone, without the numbers of steps"""
    edit("    return history", "    return [loss for _, loss in history]")


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def one_rate_for_all_steps():
    """the first rate used for all steps"""
    edit("train[places + 1], rate,", "train[places + 1], rates[0],")


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def rates_one_step_late():
    """each step taken with the rate of the step before"""
    edit("train[places + 1], rate,", "train[places + 1], rates[max(step - 2, 0)],")


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def rates_one_step_early():
    """each step taken with the rate of the step after"""
    edit("train[places + 1], rate,", "train[places + 1], rates[min(step, len(rates) - 1)],")


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def rate_of_the_first_group_only():
    """the rate set in the first group of the optimizer only"""
    edit(
        "from exercises.training.train_step import train_step\n",
        "from exercises.training.clip_gradients import clip_gradients\n",
    )
    edit(
        "loss, _ = train_step(model, optimizer, train[places], train[places + 1], rate, max_norm)",
        'optimizer.param_groups[0]["lr"] = rate\n'
        "        optimizer.zero_grad()\n"
        "        loss = cross_entropy(model(train[places]), train[places + 1])\n"
        "        loss.backward()\n"
        "        clip_gradients(model.parameters(), max_norm)\n"
        "        optimizer.step()\n"
        "        loss = loss.item()",
    )


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def cleared_after_the_step_only():
    """gradients cleared after each step only, so that those from before the run count"""
    edit(
        "from exercises.training.train_step import train_step\n",
        "from exercises.training.clip_gradients import clip_gradients\n",
    )
    edit(
        "loss, _ = train_step(model, optimizer, train[places], train[places + 1], rate, max_norm)",
        "for group in optimizer.param_groups:\n"
        '            group["lr"] = rate\n'
        "        loss = cross_entropy(model(train[places]), train[places + 1])\n"
        "        loss.backward()\n"
        "        clip_gradients(model.parameters(), max_norm)\n"
        "        optimizer.step()\n"
        "        optimizer.zero_grad()\n"
        "        loss = loss.item()",
    )


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def gradients_never_cleared():
    """gradients that are never cleared, so that each step adds to those of the steps before"""
    edit(
        "from exercises.training.train_step import train_step\n",
        "from exercises.training.clip_gradients import clip_gradients\n",
    )
    edit(
        "loss, _ = train_step(model, optimizer, train[places], train[places + 1], rate, max_norm)",
        "for group in optimizer.param_groups:\n"
        '            group["lr"] = rate\n'
        "        loss = cross_entropy(model(train[places]), train[places + 1])\n"
        "        loss.backward()\n"
        "        clip_gradients(model.parameters(), max_norm)\n"
        "        optimizer.step()\n"
        "        loss = loss.item()",
    )


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def not_clipped():
    """gradients that are not clipped"""
    edit("rate, max_norm)", "rate, 1e12)")


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def clipped_at_one():
    """gradients clipped at a norm of 1, whatever max_norm is"""
    edit("rate, max_norm)", "rate, 1.0)")


@caught_by("test_each_step_has_its_rate_and_is_clipped")
def optimizer_forgets():
    """an optimizer that begins each run without its averages of the gradients"""
    edit("    # One generator", "    optimizer.state.clear()\n    # One generator")


@caught_by("test_report_hears_of_every_step")
def reports_at_evaluations_only():
    """report called at evaluations only"""
    with spelling():
        edit("report is not None:", "report is not None and step % evaluate_every == 0:")
    with spelling():
        edit(
            "report is not None:",
            "report is not None and (step % evaluate_every == 0 or step == len(rates)):",
        )


@caught_by("test_report_hears_of_every_step")
def report_of_steps_from_zero():
    """report called with steps counted from 0"""
    edit("report(step, loss)", "report(step - 1, loss)")


@caught_by("test_report_hears_of_every_step")
def mean_loss_reported():
    """report called with the mean of the losses so far instead of the loss of the batch"""
    edit("    # One generator", "    losses = []\n    # One generator")
    edit("report(step, loss)", "losses.append(loss)\n            report(step, sum(losses) / step)")


@caught_by("test_report_hears_of_every_step")
def validation_loss_reported():
    """report called with the validation loss instead of the loss of the batch"""
    edit("report(step, loss)", "report(step, evaluate(model, valid, batch, context))")


@caught_by("test_the_losses_of_three_steps_worked_by_hand")
def report_required():
    """report called though it is None"""
    edit("        if report is not None:\n            report", "        report")


@caught_by("test_steps_are_taken_in_training_mode")
def mode_of_the_caller():
    """steps taken in whatever mode the caller has left the model"""
    edit("        model.train()\n", "")


@caught_by("test_a_batch_has_windows_of_the_text_and_their_next_tokens")
def inputs_are_targets():
    """the inputs taken for the targets of a step, so that the model learns to repeat"""
    edit("train[places], train[places + 1]", "train[places], train[places]")


@caught_by("test_a_batch_has_windows_of_the_text_and_their_next_tokens")
def targets_two_later():
    """targets that are two tokens later instead of one"""
    edit("train[places + 1]", "train[(places + 2).clamp(max=len(train) - 1)]")


@caught_by("test_a_batch_has_windows_of_the_text_and_their_next_tokens")
def trained_on_the_validation_text():
    """batches from the text for evaluation"""
    edit("    # One generator", "    train = valid\n    # One generator")


@caught_by("test_a_batch_has_windows_of_the_text_and_their_next_tokens")
def scattered_tokens():
    """tokens drawn one by one, so that a row is no stretch of the text"""
    edit("(batch, 1), generator=generator)", "(batch, context), generator=generator)")


@caught_by("test_all_windows_are_equally_likely")
def last_window_never_drawn():
    """the last window never drawn"""
    edit(
        "torch.randint(len(train) - context,",
        "torch.randint(max(len(train) - context - 1, 1),",
    )


@caught_by("test_a_batch_has_windows_of_the_text_and_their_next_tokens")
def one_window_too_many():
    """a start whose last target lies outside the text"""
    edit("torch.randint(len(train) - context,", "torch.randint(len(train) - context + 1,")


@caught_by("test_all_windows_are_equally_likely")
def multiples_of_the_context():
    """windows that begin at multiples of T only"""
    with spelling():
        edit(
            "places = starts +",
            "starts = starts // context * context\n        places = starts +",
        )
    with spelling():
        edit(
            "starts = torch.randint(len(train) - context, (batch, 1), generator=generator)",
            "count = (len(train) - 1) // context\n"
            "        starts = context * torch.randint(count, (batch, 1), generator=generator)",
        )


@caught_by("test_every_window_is_drawn_independently")
def windows_in_order():
    """windows taken in the order of the text instead of drawn"""
    edit(
        "starts = torch.randint(len(train) - context, (batch, 1), generator=generator)",
        "first = (step - 1) * batch + torch.arange(batch)[:, None]\n"
        "        starts = first * context % (len(train) - context)",
    )


@caught_by("test_every_window_is_drawn_independently")
def same_batch_each_step():
    """a generator that is seeded anew in each step, so that every step has the same batch"""
    edit(
        "        starts = torch",
        "        generator = torch.Generator().manual_seed(seed)\n        starts = torch",
    )


@caught_by("test_every_window_is_drawn_independently")
def one_start_for_the_batch():
    """one start drawn for a whole batch, so that its rows are all alike"""
    edit(
        "(batch, 1), generator=generator)",
        "(1, 1), generator=generator).expand(batch, 1)",
    )


@caught_by("test_every_window_is_drawn_independently")
def no_window_twice():
    """no window drawn twice in a batch, as if they were drawn without replacement"""
    edit(
        "starts = torch.randint(len(train) - context, (batch, 1), generator=generator)",
        "count = len(train) - context\n"
        "        order = torch.randperm(count, generator=generator)\n"
        "        starts = order[torch.arange(batch) % count][:, None]",
    )


@caught_by("test_every_window_is_drawn_independently")
def smaller_batch():
    """no window drawn twice in a batch, which is smaller if there are too few windows"""
    edit(
        "torch.randint(len(train) - context, (batch, 1), generator=generator)",
        "torch.randperm(len(train) - context, generator=generator)[:batch, None]",
    )


@caught_by("test_every_window_is_drawn_independently")
def epochs():
    """no window drawn again before all others were drawn"""
    edit("    # One generator", "    queue = []\n    # One generator")
    edit(
        "starts = torch.randint(len(train) - context, (batch, 1), generator=generator)",
        "while len(queue) < batch:\n"
        "            queue += torch.randperm(len(train) - context, generator=generator).tolist()\n"
        "        starts, queue = torch.tensor(queue[:batch])[:, None], queue[batch:]",
    )


@caught_by("test_all_windows_are_equally_likely")
def rounded_draws():
    """draws rounded to whole numbers, so that the first and the last window are less likely"""
    edit(
        "starts = torch.randint(len(train) - context, (batch, 1), generator=generator)",
        "starts = torch.rand(batch, 1, generator=generator, dtype=torch.float64)\n"
        "        starts = (starts * (len(train) - context - 1)).round().long()",
    )


@caught_by("test_every_window_is_drawn_independently")
def neighbours_as_a_batch():
    """one start drawn for a batch, and the windows after it"""
    with spelling():
        edit(
            "(batch, 1), generator=generator)",
            "(1, 1), generator=generator)\n"
            "        starts = (starts + torch.arange(batch)[:, None]) % (len(train) - context)",
        )
    with spelling():
        edit(
            "(batch, 1), generator=generator)",
            "(1, 1), generator=generator) + context * torch.arange(batch)[:, None]\n"
            "        starts = starts % (len(train) - context)",
        )


@caught_by("test_equal_seeds_draw_equal_batches")
def global_generator():
    """batches drawn from PyTorch's global generator"""
    with spelling():
        edit(", generator=generator", "")
    with spelling():
        edit("torch.Generator().manual_seed(seed)", "torch.default_generator.manual_seed(seed)")


@caught_by("test_equal_seeds_draw_equal_batches")
def number_of_the_global_generator():
    """a seed to which a number of PyTorch's global generator is added"""
    edit("manual_seed(seed)", "manual_seed(seed + int(torch.randint(2**31, ())))")


@caught_by("test_equal_seeds_draw_equal_batches")
def seed_0_taken_for_none():
    """another seed in place of the seed 0"""
    with spelling():
        edit("manual_seed(seed)", "manual_seed(seed or 1337)")
    with spelling():
        edit("manual_seed(seed)", "manual_seed(seed or 42)")
    with spelling():
        edit("manual_seed(seed)", "manual_seed(seed or 1)")


@caught_by("test_equal_seeds_draw_equal_batches")
def seed_ignored():
    """a generator that is not given the seed, so that all seeds draw the same batches"""
    edit("manual_seed(seed)", "manual_seed(1337)")


@caught_by("test_evaluation_does_not_change_training")
def seeded_after_each_evaluation():
    """a generator seeded anew after each evaluation, so that the batches begin again"""
    edit(
        "            history.append((step, evaluate(model, valid, batch, context)))\n",
        "            history.append((step, evaluate(model, valid, batch, context)))\n"
        "            generator.manual_seed(seed)\n",
    )


@caught_by("test_evaluation_does_not_change_training")
def evaluation_draws_too():
    """numbers drawn for each evaluation from the generator that draws the batches"""
    edit(
        "            history.append((step, evaluate(model, valid, batch, context)))\n",
        "            torch.randint(len(valid) - context, (batch, 1), generator=generator)\n"
        "            history.append((step, evaluate(model, valid, batch, context)))\n",
    )


@caught_by("test_a_long_text_is_not_copied")
def all_windows_copied():
    """all windows of the text copied before training, T times the memory of the text"""
    edit(
        "    # One generator",
        "    inputs, targets = sliding_window(train, context, 1)\n    # One generator",
    )
    edit("        places = starts + torch.arange(context)  # (B, T)\n", "")
    edit("train[places], train[places + 1]", "inputs[starts[:, 0]], targets[starts[:, 0]]")


@caught_by("test_a_small_gpt_learns_more_than_a_bigram_model_knows")
def only_the_beginning():
    """only the first 1,000 tokens of the text used for training, a rest of trying it out"""
    edit("    # One generator", "    train = train[:1000]\n    # One generator")
