"""Wrong versions of generate."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_each_token_follows_the_last_one")
def logits_of_the_first_position():
    """the logits of the first position in place of the last one's"""
    edit("[:, -1]  # (B, V)", "[:, 0]")


@caught_by("test_each_token_follows_the_last_one")
def logits_of_the_last_but_one():
    """the logits of the position before the last, which predict the token that is there already"""
    edit("[:, -1]  # (B, V)", "[:, -2:][:, 0]")


@caught_by("test_each_token_follows_the_last_one")
def logits_of_the_first_sequence():
    """the logits of the first sequence used for all sequences of the batch"""
    with spelling():
        edit("[:, -1]  # (B, V)", "[:1, -1].repeat(len(ids), 1)")
    with spelling():
        edit("[:, -1]  # (B, V)", "[0, -1].repeat(len(ids), 1)")


@caught_by("test_the_model_is_called_once_a_token_with_the_last_tokens")
def not_cropped():
    """more than context tokens given to the model: not cropped, or the prompt alone, once"""
    with spelling():
        edit("ids[:, -context:]", "ids")
    with spelling():
        edit("    was_training =", "    start = max(ids.shape[1] - context, 0)\n    was_training =")
        edit("ids[:, -context:]", "ids[:, start:]")


@caught_by("test_the_model_is_called_once_a_token_with_the_last_tokens")
def cropped_to_one_too_few():
    """cropped to context - 1 tokens"""
    with spelling():
        edit("ids[:, -context:]", "ids[:, -max(context - 1, 1) :]")
    with spelling():
        edit("ids[:, -context:]", "ids[:, 1 - context :]")


@caught_by("test_the_model_is_called_once_a_token_with_the_last_tokens")
def first_tokens_kept():
    """the first context tokens given to the model, and not the last ones"""
    edit("ids[:, -context:]", "ids[:, :context]")


@caught_by("test_the_model_is_called_once_a_token_with_the_last_tokens")
def last_token_alone():
    """only the newest token given to the model after the first step, as with a KV cache"""
    edit("ids[:, -context:]", "(ids[:, -context:] if step == 0 else ids[:, -1:])")
    edit("for _ in range(count)", "for step in range(count)")


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def prompt_cropped_in_the_result():
    """the cropped tokens returned: what lies before the last context ones is lost"""
    edit("for _ in range(count):", "for _ in range(count):\n            ids = ids[:, -context:]")


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def without_the_prompt():
    """only the new tokens returned, without the prompts"""
    edit("    ended = torch.zeros", "    start = ids.shape[1]\n    ended = torch.zeros")
    edit("return ids", "return ids[:, start:]")


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def one_token_too_few():
    """one token fewer than count"""
    edit("range(count)", "range(count - 1)")


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def one_token_too_many():
    """one token more than count"""
    edit("range(count)", "range(count + 1)")


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def up_to_count_in_all():
    """count taken for the length of the result, prompt included"""
    edit("range(count)", "range(count - ids.shape[1])")


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def always_greedy():
    """the most probable token taken at every temperature, nothing drawn"""
    with spelling():
        edit("temperature(logits, t)", "temperature(logits, 0)")
    with spelling():
        edit(
            "torch.multinomial(temperature(logits, t), 1, generator=generator)",
            "temperature(logits, t).argmax(dim=1, keepdim=True)",
        )


@caught_by("test_temperature_0_takes_the_most_probable_token")
def temperature_ignored():
    """the temperature ignored: every t gives what 1 gives"""
    edit("temperature(logits, t)", "temperature(logits, 1)")


@caught_by("test_temperature_0_takes_the_most_probable_token")
def division_by_zero():
    """logits divided by t for t = 0 too, which gives NaN"""
    edit("temperature(logits, t)", "torch.softmax(logits / t, dim=1)")


@caught_by("test_temperature_0_takes_the_most_probable_token")
def a_small_temperature_for_0():
    """t = 0 replaced by a small number, so that any of the equal largest logits is drawn"""
    with spelling():
        edit("temperature(logits, t)", "temperature(logits, max(t, 1e-6))")
    with spelling():
        edit("temperature(logits, t)", "temperature(logits.double(), max(t, 1e-6))")


@caught_by("test_temperature_0_takes_the_most_probable_token")
def last_of_equal_logits():
    """of equal logits the one with the highest id taken for t = 0"""
    edit(
        "            new = torch.multinomial(temperature(logits, t), 1, generator=generator)",
        "            chances = temperature(logits, t)\n"
        "            if t == 0:\n"
        "                chances = temperature(logits.flip(1), 0).flip(1)\n"
        "            new = torch.multinomial(chances, 1, generator=generator)",
    )


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def softmax_twice():
    """softmax of the probabilities: temperature has applied softmax already"""
    edit("temperature(logits, t)", "torch.softmax(temperature(logits, t), dim=1)")


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def drawn_evenly():
    """the tokens drawn evenly, whatever their probabilities are"""
    edit("temperature(logits, t)", "(temperature(logits, t) > 0).double()")


@caught_by("test_tokens_are_drawn_with_the_models_probabilities")
def temperature_upside_down():
    """logits multiplied by t instead of divided by it"""
    edit("temperature(logits, t)", "temperature(logits, 1 / t if t else 0)")


@caught_by("test_only_the_k_most_probable_tokens_are_drawn")
def k_ignored():
    """k ignored: all tokens can be drawn"""
    edit("logits = top_k(logits, k)", "pass")


@caught_by("test_only_the_k_most_probable_tokens_are_drawn")
def k_of_the_batch():
    """the k largest logits of the whole batch kept, not those of each sequence"""
    edit(
        "logits = top_k(logits, k)",
        "least = logits.flatten().topk(min(k, logits.numel())).values[-1]\n"
        "                least = torch.minimum(least, logits.amax(dim=1, keepdim=True))\n"
        "                logits = logits.masked_fill(logits < least, -torch.inf)",
    )


@caught_by("test_only_the_k_most_probable_tokens_are_drawn")
def k_smallest():
    """the k smallest logits kept"""
    edit(
        "logits = top_k(logits, k)",
        "logits = logits.masked_fill(top_k(-logits, k) == -torch.inf, -torch.inf)",
    )


@caught_by("test_only_the_k_most_probable_tokens_are_drawn")
def top_k_of_the_probabilities():
    """softmax applied to probabilities of which the k largest were kept"""
    edit("            if k is not None:\n                logits = top_k(logits, k)\n", "")
    edit(
        "            new = torch.multinomial(temperature(logits, t), 1, generator=generator)",
        "            p = temperature(logits, t)\n"
        "            p = p if k is None else torch.softmax(top_k(p, k), dim=1)\n"
        "            new = torch.multinomial(p, 1, generator=generator)",
    )


@caught_by("test_only_the_k_most_probable_tokens_are_drawn")
def others_set_to_0():
    """the logits of all other tokens set to 0 instead of -inf, so that they can still be drawn"""
    edit("top_k(logits, k)", "torch.where(top_k(logits, k) == -torch.inf, 0.0, logits)")


@caught_by("test_sequences_and_steps_are_drawn_independently")
def seeded_at_each_step():
    """the generator seeded at each step, so that all steps draw alike"""
    edit(
        "for _ in range(count):", "for _ in range(count):\n            generator.manual_seed(seed)"
    )


@caught_by("test_the_seed_decides_the_draws")
def seed_plus_step():
    """a generator for each step, seeded with seed + step: seed 1 draws what seed 0 draws later"""
    edit(
        "for _ in range(count):",
        "for step in range(count):\n            generator.manual_seed(seed + step)",
    )


@caught_by("test_sequences_and_steps_are_drawn_independently")
def one_draw_for_the_batch():
    """one random number for all sequences, so that equal prompts are continued alike"""
    with spelling():
        edit(
            "            new = torch.multinomial(temperature(logits, t), 1, generator=generator)",
            "            totals = temperature(logits, t).cumsum(dim=1)\n"
            "            u = torch.rand(1, generator=generator)\n"
            "            new = (totals <= u).sum(dim=1, keepdim=True)\n"
            "            new = new.clamp(max=logits.shape[1] - 1)",
        )
    with spelling():
        edit(
            "            new = torch.multinomial(temperature(logits, t), 1, generator=generator)",
            "            totals = temperature(logits.double(), t).cumsum(dim=1)\n"
            "            u = torch.rand(1, generator=generator, dtype=torch.float64)\n"
            "            new = (totals <= u * totals[:, -1:]).sum(dim=1, keepdim=True)\n"
            "            new = new.clamp(max=logits.shape[1] - 1)",
        )
    with spelling():
        edit(
            "            new = torch.multinomial(temperature(logits, t), 1, generator=generator)",
            "            state, rows = generator.get_state(), []\n"
            "            for row in temperature(logits, t):\n"
            "                generator.set_state(state)\n"
            "                rows.append(torch.multinomial(row, 1, generator=generator))\n"
            "            new = torch.stack(rows)",
        )


@caught_by("test_the_seed_decides_the_draws")
def generator_kept():
    """the generator of a seed kept between calls: a second call goes on where the first ended"""
    with spelling():
        edit("def generate(", "GENERATORS = {}\n\n\ndef generate(")
        edit(
            "torch.Generator().manual_seed(seed)",
            "GENERATORS.setdefault(seed, torch.Generator().manual_seed(seed))",
        )
    with spelling():
        edit("def generate(", "GENERATORS = {}\n\n\ndef generate(")
        edit(
            "torch.Generator().manual_seed(seed)",
            "GENERATORS.setdefault(seed, torch.Generator().manual_seed(seed))",
        )
        edit("temperature(logits, t), 1", "temperature(logits.double(), t), 1")


@caught_by("test_the_seed_decides_the_draws")
def global_draws():
    """draws from PyTorch's global generator, whatever the seed is"""
    edit(", 1, generator=generator)", ", 1)")


@caught_by("test_the_global_generators_are_left_alone")
def global_generator_seeded():
    """PyTorch's global generator seeded, so that all other draws change with it"""
    edit("torch.Generator().manual_seed", "torch.default_generator.manual_seed")


@caught_by("test_the_seed_decides_the_draws")
def seed_ignored():
    """one seed for all calls, whatever seed is given"""
    with spelling():
        edit("manual_seed(seed)", "manual_seed(0)")
    with spelling():
        edit(".manual_seed(seed)", "")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_ignored():
    """end ignored: every sequence gets count tokens"""
    edit("end is not None", "False")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def goes_on_after_the_end():
    """further tokens drawn for a sequence that has ended, while others go on"""
    edit("                new[ended] = end\n", "")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def filled_with_0():
    """a sequence that has ended filled with token 0 instead of its end"""
    edit("new[ended] = end", "new[ended] = 0")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def last_token_repeated():
    """the token before the end repeated, and the end itself left out"""
    edit(
        "                new[ended] = end\n                ended |= new[:, 0] == end\n",
        "                ended |= new[:, 0] == end\n                new[ended] = ids[ended, -1:]\n",
    )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def any_end_stops_all():
    """generation stopped for all sequences as soon as one of them has ended"""
    edit("ended.all()", "ended.any()")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def all_must_end_in_one_step():
    """only ends of the newest step counted, so that sequences which end apart are not stopped"""
    edit("ended |= new[:, 0] == end", "ended = new[:, 0] == end")
    edit("                new[ended] = end\n", "")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_in_the_prompt():
    """an end in the prompt taken for the end of the sequence"""
    with spelling():
        edit(
            "torch.zeros(len(ids), dtype=torch.bool)",
            "(ids == (-1 if end is None else end)).any(dim=1)",
        )
    with spelling():
        edit(
            "ended |= new[:, 0] == end", "ended |= (torch.cat([ids, new], dim=1) == end).any(dim=1)"
        )


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def end_0_is_no_end():
    """end = 0 taken for no end: "if end" is false for 0"""
    edit("if end is not None:", "if end:")


@caught_by("test_generation_stops_when_every_sequence_has_ended")
def never_stops_early():
    """count steps in any case, also when every sequence has ended"""
    edit("            if ended.all():\n                break\n", "")


@caught_by("test_a_sequence_that_has_ended_repeats_its_end")
def one_step_after_the_end():
    """one step more after every sequence has ended: the newest tokens are not counted yet"""
    with spelling():
        edit("            if ended.all():\n                break\n", "")
        edit(
            "            if end is not None:",
            "            over = ended.all()\n            if end is not None:",
        )
        edit(
            "    model.train(was",
            "            if over:\n                break\n    model.train(was",
        )
    with spelling():
        edit("            if ended.all():\n                break\n", "")
        edit("ended |= new[:, 0] == end", "ended_now = new[:, 0] == end")
        edit(
            "    model.train(was",
            "            if ended.all():\n                break\n"
            "            if end is not None:\n                ended |= ended_now\n"
            "    model.train(was",
        )


@caught_by("test_generation_stops_when_every_sequence_has_ended")
def end_left_out():
    """generation stopped before the last end is appended"""
    edit("            if ended.all():\n                break\n", "")
    edit(
        "            ids = torch.cat",
        "            if ended.all():\n                break\n            ids = torch.cat",
    )


@caught_by("test_generation_stops_when_every_sequence_has_ended")
def one_call_too_many():
    """the model called once more after every sequence has ended"""
    edit("            if ended.all():\n                break\n", "")
    edit(
        "            if k is not None",
        "            if ended.all():\n                break\n            if k is not None",
    )


@caught_by("test_the_model_is_called_once_a_token_with_the_last_tokens")
def one_call_for_each_sequence():
    """the model called for each sequence by itself, instead of once for the batch"""
    edit(
        "model(ids[:, -context:])[:, -1]  # (B, V)",
        "torch.cat([model(row[None, -context:])[:, -1] for row in ids])",
    )


@caught_by("test_the_model_is_evaluated_without_gradients")
def training_mode():
    """the model called in the mode in which it is, so that dropout is active during training"""
    with spelling():
        edit("    model.eval()\n", "")
    with spelling():
        edit("model.eval()", "model.training = False")


@caught_by("test_the_model_is_left_as_it_was")
def left_in_evaluation_mode():
    """the model left in evaluation mode, so that training goes on without dropout"""
    edit("    model.train(was_training)\n", "")


@caught_by("test_the_model_is_left_as_it_was")
def returned_from_the_loop():
    """a return inside the loop, which leaves the model in evaluation mode if all have ended"""
    edit("                break\n", "                return ids\n")


@caught_by("test_the_model_is_left_as_it_was")
def set_to_training_mode():
    """the model set to training mode afterwards, also if it was in evaluation mode"""
    edit("model.train(was_training)", "model.train()")


@caught_by("test_the_model_is_left_as_it_was")
def only_the_outer_module():
    """training set as an attribute of the model, which does not reach the modules in it"""
    edit("model.train(was_training)", "model.training = was_training")


@caught_by("test_the_model_is_evaluated_without_gradients")
def gradients_recorded():
    """gradients recorded during generation, which keeps all activations of all steps"""
    edit("torch.no_grad()", "torch.enable_grad()")


@caught_by("test_the_model_is_left_as_it_was")
def gradients_switched_off():
    """gradients switched off for good, so that the next training step fails"""
    edit("    with torch.no_grad():", "    torch.set_grad_enabled(False)\n    if True:")


@caught_by("test_the_prompts_stay_and_may_be_views")
def window_moved_in_place():
    """the window moved by one inside the caller's ids"""
    edit(
        "for _ in range(count):",
        "for _ in range(count):\n            ids[:, :-1] = ids[:, 1:].clone()",
    )


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def floats():
    """a result of floats: tokens appended to a float32 tensor"""
    edit("torch.cat([ids, new], dim=1)", "torch.cat([ids, new], dim=1).long()")
    edit("return ids", "return ids.float()")


@caught_by("test_the_result_is_the_prompts_with_their_new_tokens")
def lists():
    """a list of lists instead of a tensor"""
    edit("return ids", "return ids.tolist()")


@caught_by("test_different_seeds_share_no_sequence")
def seed_plus_row():
    """a generator for each sequence, seeded with seed + row: seeds share sequences"""
    edit(
        "generator = torch.Generator().manual_seed(seed)",
        "generators = [torch.Generator().manual_seed(seed + row) for row in range(len(ids))]",
    )
    edit(
        "torch.multinomial(temperature(logits, t), 1, generator=generator)",
        "torch.stack(\n"
        "                [\n"
        "                    torch.multinomial(p, 1, generator=generator)\n"
        "                    for p, generator in zip(temperature(logits, t), generators)\n"
        "                ]\n"
        "            )",
    )


@caught_by("test_only_the_k_most_probable_tokens_are_drawn")
def equal_to_the_kth_kept():
    """all logits kept that are not below the k-th largest: with equal ones, more than k"""
    edit(
        "logits = top_k(logits, k)",
        "least = logits.topk(min(k, logits.shape[1])).values[:, -1:]\n"
        '                logits = logits.masked_fill(logits < least, float("-inf"))',
    )


@caught_by("test_the_model_is_left_as_it_was")
def gradients_always_on_afterwards():
    """gradients recorded afterwards, also if the caller had switched that off"""
    edit("with torch.no_grad():", "torch.set_grad_enabled(False)\n    if True:")
    edit("    model.train(was", "    torch.set_grad_enabled(True)\n    model.train(was")


@caught_by("test_huge_logits_have_probabilities_too")
def exponentials_overflow():
    """exp(x / t) without subtracting the largest logit, which overflows or underflows"""
    edit("temperature(logits, t), 1", "(logits / t).exp() if t else temperature(logits, t), 1")
