"""What goes wrong when a spam classifier is trained."""

from grader.checks import caught_by, edit


@caught_by("test_all_divisions_are_equally_likely")
def not_shuffled():
    """rows divided in the given order, which may be sorted by label or by date"""
    edit("torch.randperm(len(rows), generator=generator).tolist()", "range(len(rows))")


@caught_by("test_every_row_is_in_exactly_one_part")
def rows_of_the_test_trained():
    """the rows of the test in the training part as well"""
    edit("return shuffled[valid + test :]", "return shuffled[valid:]")


@caught_by("test_equal_seeds_divide_equally")
def the_same_seed_always():
    """a fixed seed, whatever the argument is"""
    edit(
        "    generator = torch.Generator().manual_seed(seed)\n    shuffled",
        "    generator = torch.Generator().manual_seed(42)\n    shuffled",
    )


@caught_by("test_equal_seeds_divide_equally")
def global_generator():
    """the global generator seeded and used"""
    edit(
        "    generator = torch.Generator().manual_seed(seed)\n    shuffled",
        "    generator = torch.manual_seed(seed)\n    shuffled",
    )


@caught_by("test_rows_that_leave_none_for_training_are_refused")
def nothing_left_accepted():
    """no error if no row is left for training"""
    edit("if valid + test >= len(rows):", "if valid + test > len(rows):")


@caught_by("test_each_subject_ends_with_end")
def end_left_out():
    """no END behind the subject, so that an empty one has no token"""
    edit("[*tokenizer.encode(subject)[: context - 1], 2]", "tokenizer.encode(subject)[:context]")


@caught_by("test_a_long_subject_is_cut_before_its_end")
def end_cut_off():
    """END cut off where the subject is as long as the context"""
    edit(
        "[*tokenizer.encode(subject)[: context - 1], 2] for subject in subjects]\n"
        "    return padded_batch(rows, 0)",
        "[*tokenizer.encode(subject), 2] for subject in subjects]\n"
        "    return padded_batch(rows, 0, context)",
    )


@caught_by("test_a_long_subject_is_cut_before_its_end")
def last_words_kept():
    """the last words of a long subject kept, not the first"""
    edit("(subject)[: context - 1], 2]", "(subject)[::-1][: context - 1][::-1], 2]")


@caught_by("test_the_classifier_has_its_parts")
def dropout_left_out_of_the_head():
    """dropout behind the positions alone"""
    edit("nn.Sequential(Dropout(p, second), classifier.head)", "classifier.head")


@caught_by("test_dropout_is_drawn_with_p_in_both_places")
def one_seed_for_both():
    """the same seed for both dropouts"""
    edit("Dropout(p, second)", "Dropout(p, first)")


@caught_by("test_dropout_is_drawn_with_p_in_both_places")
def kept_with_p():
    """1 - p in place of p"""
    edit("Dropout(p, first)", "Dropout(1 - p, first)")
    edit("Dropout(p, second)", "Dropout(1 - p, second)")


@caught_by("test_equal_seeds_build_equal_classifiers")
def parameters_not_seeded():
    """parameters from the global generator as it is"""
    edit(
        "        torch.manual_seed(seed)\n        classifier",
        "        classifier",
    )
    edit("first, second = torch.randint(2**32, (2,)).tolist()", "first, second = seed, seed ^ 1")


@caught_by("test_equal_seeds_build_equal_classifiers")
def global_generator_seeded():
    """the global generator seeded, and left like that"""
    edit("    with torch.random.fork_rng(devices=[]):\n", "    if True:\n")


@caught_by("test_every_text_counts_the_same")
def mean_of_batches():
    """the mean of the batches' means, in which a short last batch counts too much"""
    edit("labels[rows]).item() * len(rows)", "labels[rows]).item()")
    edit(
        "right += int((logits.argmax(dim=1) == labels[rows]).sum())",
        "right += (logits.argmax(dim=1) == labels[rows]).float().mean().item()",
    )
    edit(
        "return loss / len(ids), right / len(ids)",
        "return loss / -(-len(ids) // batch), right / -(-len(ids) // batch)",
    )


@caught_by("test_every_text_counts_the_same")
def last_batch_left_out():
    """a last batch with fewer texts left out"""
    edit(
        "            logits = classifier(ids[rows], mask[rows])\n            # Sums",
        "            if len(rows) < batch and len(ids) > batch:\n                continue\n"
        "            logits = classifier(ids[rows], mask[rows])\n            # Sums",
    )


@caught_by("test_texts_come_in_calls_of_at_most_batch")
def all_at_once():
    """all texts in one call"""
    edit("torch.arange(len(ids)).split(batch)", "torch.arange(len(ids)).split(len(ids))")


@caught_by("test_measuring_changes_nothing")
def measured_with_gradients():
    """gradients recorded while it measures"""
    edit(
        "    with torch.no_grad():\n        for rows in torch.arange",
        "    if True:\n        for rows in torch.arange",
    )


@caught_by("test_every_text_counts_the_same")
def measured_in_training_mode():
    """measured in training mode, with dropout"""
    edit("    classifier.eval()\n    loss, right", "    classifier.train()\n    loss, right")


@caught_by("test_measuring_changes_nothing")
def left_in_training_mode():
    """the classifier put into training mode afterwards, whatever its mode was"""
    edit(
        "    classifier.train(training)\n    return loss",
        "    classifier.train()\n    return loss",
    )


@caught_by("test_the_best_epoch_is_kept")
def last_epoch_kept():
    """the parameters of the last epoch, not of the best one"""
    edit("    model.load_state_dict(best)\n", "")


@caught_by("test_the_best_epoch_is_kept")
def best_state_moves_on():
    """the best state kept as a reference to the parameters, which the next epoch changes"""
    edit(
        "best, lowest, waited = deepcopy(model.state_dict()), history[-1], 0",
        "best, lowest, waited = model.state_dict(), history[-1], 0",
    )


@caught_by("test_the_best_epoch_is_kept")
def last_of_equal_losses():
    """the last of equally low losses taken for the best"""
    edit("if history[-1] < lowest:", "if history[-1] <= lowest:")


@caught_by("test_training_stops_when_patience_is_over")
def compared_with_the_epoch_before():
    """each epoch compared with the one before, not with the best"""
    edit(
        "        waited += 1\n",
        "        waited += 1\n"
        "        if len(history) > 1 and history[-1] < history[-2]:\n"
        "            waited = 0\n",
    )


@caught_by("test_training_stops_when_patience_is_over")
def one_epoch_too_many():
    """stopped an epoch too late, an off-by-one error"""
    edit("waited < patience:", "waited <= patience:")


@caught_by("test_each_epoch_trains_and_then_validates")
def validated_first():
    """validated before the epoch, not after it"""
    edit(
        "        train_epoch()\n        history.append(validate())\n",
        "        history.append(validate())\n        train_epoch()\n",
    )


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def nan_taken_for_the_best():
    """a loss of NaN taken for the best, since no number is less than it"""
    edit("if history[-1] < lowest:", "if not history[-1] >= lowest:")


@caught_by("test_buffers_are_put_back_too")
def buffers_forgotten():
    """the parameters put back, and not the buffers"""
    edit(
        "    model.load_state_dict(best)\n",
        "    names = dict(model.named_parameters())\n"
        "    kept = {name: best[name] for name in names}\n"
        "    model.load_state_dict(kept, strict=False)\n",
    )


@caught_by("test_epochs_are_trained_in_training_mode")
def never_back_to_training_mode():
    """training mode set once, before the first epoch"""
    edit(
        "        model.train()\n        train_epoch()",
        "        if not history:\n            model.train()\n        train_epoch()",
    )


@caught_by("test_the_vocabulary_comes_from_the_training_rows")
def vocabulary_from_all_rows():
    """a vocabulary of the rows for validation too, whose words should be unknown"""
    edit(
        "END.join(subject for subject, _ in train)",
        "END.join(subject for subject, _ in train + valid)",
    )


@caught_by("test_the_vocabulary_has_at_most_two_thousand_entries")
def all_words_kept():
    """a vocabulary of all words"""
    edit("for subject, _ in train), VOCABULARY)", "for subject, _ in train), 10**6)")


@caught_by("test_each_epoch_has_every_row_in_one_batch")
def last_rows_left_out():
    """a last batch with fewer rows left out"""
    edit(
        "            width = int(mask[rows]",
        "            if len(rows) < min(batch, len(ids)):\n                continue\n"
        "            width = int(mask[rows]",
    )


@caught_by("test_each_epoch_has_another_order")
def given_order():
    """the rows in the given order"""
    edit(
        "torch.randperm(len(ids), generator=generator).split(batch)",
        "torch.arange(len(ids)).split(batch)",
    )


@caught_by("test_each_epoch_has_another_order")
def same_order_in_each_epoch():
    """a generator seeded anew in each epoch, so that all have the same order"""
    edit(
        "torch.randperm(len(ids), generator=generator).split(batch)",
        "torch.randperm(len(ids), generator=generator.manual_seed(seed)).split(batch)",
    )


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def gradients_added_up():
    """gradients of all batches added up, since nothing sets them to zero"""
    edit("            optimizer.zero_grad()\n", "")


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def only_the_head_trained():
    """only the head trained"""
    edit("AdamW(classifier.parameters(), lr=rate)", "AdamW(classifier.head.parameters(), lr=rate)")


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def adam_without_decay():
    """Adam, which has no weight decay"""
    edit("torch.optim.AdamW(", "torch.optim.Adam(")


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def labels_not_shuffled():
    """rows shuffled, and their labels not"""
    edit(
        "cross_entropy(logits, labels[rows]).backward()",
        "cross_entropy(logits, labels[: len(rows)]).backward()",
    )


@caught_by("test_report_hears_the_validation_loss_of_each_epoch")
def training_loss_reported():
    """the loss on the training rows reported, and the best epoch chosen by it"""
    edit("_encode_rows(tokenizer, valid)", "_encode_rows(tokenizer, train)")


@caught_by("test_report_hears_the_validation_loss_of_each_epoch")
def epochs_counted_from_zero():
    """epochs counted from 0"""
    edit("report(done, loss)", "report(done - 1, loss)")


@caught_by("test_the_best_epoch_on_the_validation_rows_is_returned")
def chosen_by_accuracy():
    """epochs compared by the error rate, not by the loss"""
    edit(
        "        loss, _ = measure(classifier, *held_out, batch)\n",
        "        loss, accuracy = measure(classifier, *held_out, batch)\n",
    )
    edit(
        "            report(done, loss)\n        return loss\n",
        "            report(done, loss)\n        return 1 - accuracy\n",
    )


@caught_by("test_equal_seeds_train_equal_classifiers")
def order_not_seeded():
    """the order of the rows from the global generator"""
    edit(
        "torch.randperm(len(ids), generator=generator).split(batch)",
        "torch.randperm(len(ids)).split(batch)",
    )


@caught_by("test_predict_returns_the_probability_of_spam")
def probability_of_ham():
    """the probability of class 0, ham"""
    edit("logits.softmax(dim=1)[:, 1]", "logits.softmax(dim=1)[:, 0]")


@caught_by("test_predict_returns_the_probability_of_spam")
def sigmoid_of_the_logit():
    """the sigmoid of the logit for spam, whatever that for ham is"""
    edit("logits.softmax(dim=1)[:, 1]", "logits[:, 1].sigmoid()")


@caught_by("test_predicting_changes_nothing")
def predicted_with_dropout():
    """dropout while it predicts, if the classifier is in training mode"""
    edit(
        "    classifier.eval()\n    with torch.no_grad():\n        logits",
        "    with torch.no_grad():\n        logits",
    )
