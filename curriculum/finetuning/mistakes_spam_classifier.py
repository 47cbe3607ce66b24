"""What goes wrong when a spam classifier is trained."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_all_divisions_are_equally_likely")
def not_shuffled():
    """the same division for every seed: in the given order, or by a seed that is fixed"""
    with spelling():
        edit("torch.randperm(len(rows), generator=generator).tolist()", "range(len(rows))")
    with spelling():
        edit(
            "    generator = torch.Generator().manual_seed(seed)\n    shuffled",
            "    generator = torch.Generator().manual_seed(42)\n    shuffled",
        )


@caught_by("test_all_divisions_are_equally_likely")
def row_never_in_its_place():
    """a shuffle that never swaps a row with itself, so that half of the orders are impossible"""
    edit(
        "    shuffled = [rows[i] for i in torch.randperm(len(rows), generator=generator)"
        ".tolist()]\n",
        "    shuffled = list(rows)\n"
        "    for i in range(len(rows) - 1, 0, -1):\n"
        "        j = int(torch.randint(i, (), generator=generator))\n"
        "        shuffled[i], shuffled[j] = shuffled[j], shuffled[i]\n",
    )


@caught_by("test_every_row_is_in_exactly_one_part")
def rows_of_the_test_trained():
    """the rows of the test in the training part as well"""
    edit("return shuffled[valid + test :]", "return shuffled[valid:]")


@caught_by("test_every_row_is_in_exactly_one_part")
def equal_rows_lost():
    """the rows for training are those that equal none of the others, so repeated rows get lost"""
    edit(
        "return shuffled[valid + test :]",
        "return [row for row in rows if row not in shuffled[: valid + test]]",
    )


@caught_by("test_every_row_is_in_exactly_one_part")
def sizes_exchanged():
    """the sizes of the validation part and the test part exchanged"""
    edit(
        "shuffled[:valid], shuffled[valid : valid + test]",
        "shuffled[:test], shuffled[test : valid + test]",
    )


@caught_by("test_every_row_is_in_exactly_one_part")
def minus_zero_sliced():
    """the last rows taken by [-test:], which are all rows if test is 0"""
    edit("return shuffled[valid + test :]", "return shuffled[valid : len(rows) - test]")
    edit("shuffled[valid : valid + test]", "shuffled[-test:]")


@caught_by("test_equal_seeds_divide_equally")
def global_generator():
    """a global generator seeded and used"""
    with spelling():
        edit(
            "    generator = torch.Generator().manual_seed(seed)\n    shuffled",
            "    generator = torch.manual_seed(seed)\n    shuffled",
        )
    with spelling():
        edit(
            "    shuffled = [",
            "    random = __import__('random')\n    random.seed(seed)\n    shuffled = [",
        )
        edit(
            "torch.randperm(len(rows), generator=generator).tolist()",
            "random.sample(range(len(rows)), len(rows))",
        )


@caught_by("test_rows_that_leave_none_for_training_are_refused")
def nothing_left_accepted():
    """no error if no row is left for training"""
    edit("if valid + test >= len(rows):", "if valid + test > len(rows):")


@caught_by("test_each_subject_ends_with_end")
def end_left_out():
    """no END behind the subject, so that an empty one has no token"""
    edit("[*tokenizer.encode(subject)[: context - 1], 2]", "tokenizer.encode(subject)[:context]")


@caught_by("test_each_subject_ends_with_end")
def end_only_if_missing():
    """no END behind a subject whose last word is END"""
    edit(
        "    rows = [[*tokenizer.encode(subject)[: context - 1], 2] for subject in subjects]\n",
        "    rows = [tokenizer.encode(subject)[: context - 1] for subject in subjects]\n"
        "    rows = [row if row[-1:] == [2] else [*row, 2] for row in rows]\n",
    )


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
def end_beyond_the_context():
    """END added to as many words as the context has tokens, one too many"""
    edit("(subject)[: context - 1], 2]", "(subject)[:context], 2]")


@caught_by("test_a_long_subject_is_cut_before_its_end")
def one_word_kept_always():
    """at least one word kept, also where END needs the only place"""
    edit("(subject)[: context - 1], 2]", "(subject)[: max(context - 1, 1)], 2]")


@caught_by("test_each_subject_ends_with_end")
def padded_to_the_context():
    """every batch padded to the context, not to its longest row"""
    edit(
        "    return padded_batch(rows, 0)\n",
        "    ids, mask = padded_batch([*rows, [2] * context], 0)\n    return ids[:-1], mask[:-1]\n",
    )


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


@caught_by("test_dropout_is_drawn_with_p_in_both_places")
def dropout_seeds_fixed():
    """the same dropout in every classifier, whatever its seed is"""
    edit("first, second = torch.randint(2**32, (2,)).tolist()", "first, second = 0, 1")


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
    """the global generator left in another state than it was in before"""
    edit("    with torch.random.fork_rng(devices=[]):\n", "    if True:\n")


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


@caught_by("test_the_vocabulary_comes_from_the_training_rows")
def largest_vocabulary_always():
    """a classifier for 2,000 words, whatever the size of the vocabulary is"""
    edit("build_classifier(len(tokenizer.words), p, seed)", "build_classifier(VOCABULARY, p, seed)")


@caught_by("test_the_vocabulary_comes_from_the_training_rows")
def joined_by_spaces():
    """the subjects joined by spaces, so that a subject's first word is learned with a space"""
    edit("END.join(", '" ".join(')


@caught_by("test_each_epoch_has_every_row_in_one_batch")
def last_rows_left_out():
    """a last batch with fewer rows left out"""
    edit(
        "            width = int(mask[rows]",
        "            if len(rows) < min(batch, len(ids)):\n                continue\n"
        "            width = int(mask[rows]",
    )


@caught_by("test_each_epoch_has_every_row_in_one_batch")
def batches_of_like_sizes():
    """batches of about the same size, by chunk(), where all but the last should be full"""
    edit("generator=generator).split(batch)", "generator=generator).chunk(-(-len(ids) // batch))")


@caught_by("test_each_epoch_has_every_row_in_one_batch")
def columns_of_the_shortest():
    """a batch as wide as its shortest row, so that words and END are cut off the others"""
    edit("mask[rows].sum(dim=1).max()", "mask[rows].sum(dim=1).min()")


@caught_by("test_each_epoch_has_another_order")
def given_order():
    """the rows in the given order"""
    edit(
        "torch.randperm(len(ids), generator=generator).split(batch)",
        "torch.arange(len(ids)).split(batch)",
    )


@caught_by("test_each_epoch_has_another_order")
def same_order_in_each_epoch():
    """the same order in each epoch: shuffled once, or by a generator that is seeded anew"""
    edit(
        "torch.randperm(len(ids), generator=generator).split(batch)",
        "torch.randperm(len(ids), generator=generator.manual_seed(seed)).split(batch)",
    )


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def gradients_added_up():
    """gradients of all batches added up, since nothing sets them to zero"""
    edit("            optimizer.zero_grad()\n", "")


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def gradients_added_up_in_an_epoch():
    """gradients set to zero once in each epoch, so that those of its batches add up"""
    edit("            optimizer.zero_grad()\n", "")
    edit(
        "        for rows in torch.randperm",
        "        optimizer.zero_grad()\n        for rows in torch.randperm",
    )


@caught_by("test_a_step_is_that_of_adamw_for_the_mean_loss")
def new_optimizer_in_each_epoch():
    """an optimizer created anew in each epoch, which forgets its averages"""
    edit(
        "        for rows in torch.randperm",
        "        optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)\n"
        "        for rows in torch.randperm",
    )


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
    edit("encode_rows(valid)", "encode_rows(train)")


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


@caught_by("test_the_best_epoch_on_the_validation_rows_is_returned")
def best_epoch_not_kept():
    """all epochs trained, and the last one returned"""
    edit(
        "    train_best(classifier, train_epoch, validate, epochs, patience)\n",
        "    for _ in range(epochs):\n        train_epoch()\n        validate()\n"
        "    classifier.eval()\n",
    )


@caught_by("test_equal_seeds_train_equal_classifiers")
def order_not_seeded():
    """an order of the rows that depends on the global generator, not on the seed"""
    edit(
        "    generator = torch.Generator().manual_seed(seed)\n    done",
        "    generator = torch.Generator()\n"
        "    generator.set_state(torch.get_rng_state())\n    done",
    )


@caught_by("test_equal_seeds_train_equal_classifiers")
def order_from_the_global_generator():
    """an order of the rows that is drawn from the global generator, whose state changes"""
    with spelling():
        edit(
            "    generator = torch.Generator().manual_seed(seed)\n    done",
            "    generator = torch.manual_seed(seed)\n    done",
        )
    with spelling():
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


@caught_by("test_predict_returns_the_probability_of_spam")
def one_subject_squeezed():
    """a number for one subject, since squeeze() takes away every dimension of size 1"""
    edit("logits.softmax(dim=1)[:, 1]", "logits.softmax(dim=1)[:, 1].squeeze()")


@caught_by("test_predict_returns_the_probability_of_spam")
def gradients_of_predictions():
    """probabilities that require gradients"""
    edit(
        "    with torch.no_grad():\n        logits = classifier(*encode",
        "    if True:\n        logits = classifier(*encode",
    )


@caught_by("test_predicting_changes_nothing")
def predicted_with_dropout():
    """dropout while it predicts, if the classifier is in training mode"""
    edit(
        "    classifier.eval()\n    with torch.no_grad():\n        logits",
        "    with torch.no_grad():\n        logits",
    )


@caught_by("test_predicting_changes_nothing")
def left_in_evaluation_mode():
    """the classifier left in evaluation mode"""
    edit("    classifier.train(training)\n", "")


@caught_by("test_predicting_changes_nothing")
def left_in_training_mode():
    """the classifier put into training mode afterwards, whatever its mode was"""
    edit("    classifier.train(training)\n", "    classifier.train()\n")
