"""What goes wrong when training is stopped early."""

from grader.checks import caught_by, edit, spelling


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
def mean_of_batch_losses():
    """a loss that is the mean of the batches' mean losses, beside a correct accuracy"""
    edit("labels[rows]).item() * len(rows)", "labels[rows]).item()")
    edit("return loss / len(ids)", "return loss / -(-len(ids) // batch)")


@caught_by("test_every_text_counts_the_same")
def mean_of_batch_accuracies():
    """an accuracy that is the mean of the batches' accuracies, beside a correct loss"""
    edit(
        "right += int((logits.argmax(dim=1) == labels[rows]).sum())",
        "right += (logits.argmax(dim=1) == labels[rows]).float().mean().item()",
    )
    edit(", right / len(ids)", ", right / -(-len(ids) // batch)")


@caught_by("test_every_text_counts_the_same")
def sum_of_losses():
    """the sum of the texts' losses, not their mean"""
    edit("return loss / len(ids)", "return loss")


@caught_by("test_every_text_counts_the_same")
def right_answers_counted():
    """the number of right answers, not their share"""
    edit("right / len(ids)", "float(right)")


@caught_by("test_every_text_counts_the_same")
def last_batch_left_out():
    """a last batch with fewer texts left out"""
    with spelling():
        edit(
            "            logits = classifier(ids[rows], mask[rows])\n",
            "            if len(rows) < batch and len(ids) > batch:\n                continue\n"
            "            logits = classifier(ids[rows], mask[rows])\n",
        )
    with spelling():
        edit(
            "            logits = classifier(ids[rows], mask[rows])\n",
            "            if len(rows) < batch and len(ids) > batch:\n                continue\n"
            "            logits = classifier(ids[rows], mask[rows])\n",
        )
        edit(
            "return loss / len(ids), right / len(ids)",
            "seen = len(ids) // batch * batch or len(ids)\n    return loss / seen, right / seen",
        )


@caught_by("test_every_text_counts_the_same")
def masks_of_the_first_texts():
    """the masks of the first texts for every batch"""
    edit("mask[rows])", "mask[: len(rows)])")


@caught_by("test_every_text_counts_the_same")
def two_classes_only():
    """the logits of the classes 0 and 1 compared, whatever the others are"""
    edit("logits.argmax(dim=1)", "logits[:, :2].argmax(dim=1)")


@caught_by("test_every_text_counts_the_same")
def tensors_returned():
    """tensors returned, not Python floats"""
    edit(
        "return loss / len(ids), right / len(ids)",
        "return torch.tensor((loss / len(ids), right / len(ids))).unbind()",
    )


@caught_by("test_texts_come_in_calls_of_at_most_batch")
def all_at_once():
    """all texts in one call"""
    edit("torch.arange(len(ids)).split(batch)", "torch.arange(len(ids)).split(len(ids))")


@caught_by("test_texts_come_in_calls_of_at_most_batch")
def batch_chunks():
    """as many calls as a batch has texts: chunk() takes the number of parts, split() their size"""
    edit("torch.arange(len(ids)).split(batch)", "torch.arange(len(ids)).chunk(batch)")


@caught_by("test_measuring_changes_nothing")
def measured_with_gradients():
    """gradients recorded while it measures"""
    edit("    with torch.no_grad():\n", "    if True:\n")


@caught_by("test_measuring_changes_nothing")
def measured_with_dropout():
    """no eval(), so that dropout is on if the classifier is in training mode"""
    edit("    classifier.eval()\n", "")


@caught_by("test_measuring_changes_nothing")
def left_in_training_mode():
    """the classifier put into training mode afterwards, whatever its mode was"""
    edit("    classifier.train(training)\n", "    classifier.train()\n")


@caught_by("test_measuring_changes_nothing")
def left_in_evaluation_mode():
    """the classifier left in evaluation mode"""
    edit("    classifier.train(training)\n", "")


@caught_by("test_the_best_epoch_is_kept")
def last_epoch_kept():
    """the last epoch's parameters: not put back, or kept as a reference, which training changes"""
    with spelling():
        edit("    model.load_state_dict(best)\n", "")
    with spelling():
        edit(
            "best, lowest, waited = deepcopy(model.state_dict()), history[-1], 0",
            "best, lowest, waited = model.state_dict(), history[-1], 0",
        )
    with spelling():  # a copy of the best model, for which only the name stands
        edit("    model.load_state_dict(best)\n", "    model = deepcopy(model)\n")


@caught_by("test_the_best_epoch_is_kept")
def parameters_replaced():
    """new parameters in the model, which its optimizer does not know"""
    edit("model.load_state_dict(best)", "model.load_state_dict(best, assign=True)")


@caught_by("test_the_best_epoch_is_kept")
def last_of_equal_losses():
    """the last of equally low losses taken for the best"""
    edit("if history[-1] < lowest:", "if history[-1] <= lowest:")


@caught_by("test_the_best_epoch_is_kept")
def little_progress_ignored():
    """an epoch that is only a little better not taken for better"""
    edit("if history[-1] < lowest:", "if history[-1] < lowest - 1e-4:")


@caught_by("test_the_best_epoch_is_kept")
def taken_back_in_between():
    """the best parameters put back after each worse epoch, so that the next one begins there"""
    edit(
        "        waited += 1\n        if history[-1] < lowest:",
        "        waited += 1\n        if not history[-1] < lowest:\n"
        "            model.load_state_dict(best)\n        else:",
    )


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
def worse_epochs_added_up():
    """all epochs without a new best one counted, although better ones were in between"""
    edit("        waited += 1\n        if", "        if")
    edit(
        "history[-1], 0\n",
        "history[-1], waited\n        else:\n            waited += 1\n",
    )


@caught_by("test_training_stops_when_patience_is_over")
def one_epoch_too_many():
    """stopped an epoch too late, an off-by-one error"""
    edit("waited < patience:", "waited <= patience:")


@caught_by("test_training_stops_when_patience_is_over")
def never_stopped():
    """all epochs trained, whatever the patience is"""
    edit(" and waited < patience:", ":")


@caught_by("test_training_stops_when_patience_is_over")
def last_loss_left_out():
    """the loss of the epoch after which training stops left out"""
    edit("    return history\n", "    return history[:-1] if waited == patience else history\n")


@caught_by("test_each_epoch_trains_and_then_validates")
def validated_first():
    """validated before the epoch, not after it"""
    edit(
        "        train_epoch()\n        history.append(validate())\n",
        "        history.append(validate())\n        train_epoch()\n",
    )


@caught_by("test_the_best_epoch_is_kept")
def validated_before_training():
    """validated once before the first epoch, and that loss to be beaten"""
    edit("math.inf, 0\n", "validate(), 0\n")


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def nan_taken_for_the_best():
    """a loss of NaN taken for the best, since no number is less than it"""
    edit("if history[-1] < lowest:", "if not history[-1] >= lowest:")


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def first_epoch_taken_for_the_best():
    """the first epoch taken for the best, whatever its loss is; nothing is less than its NaN"""
    edit("if history[-1] < lowest:", "if len(history) == 1 or history[-1] < lowest:")


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def infinity_taken_for_the_best():
    """a first loss of infinity taken for the best"""
    edit(
        "if history[-1] < lowest:",
        "if history[-1] < lowest or history[-1] == min(history) == math.inf:",
    )


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def copied_after_the_first_epoch():
    """the state of after the first epoch kept for that of before it"""
    edit(
        "        history.append(validate())\n",
        "        if not history:\n            best = deepcopy(model.state_dict())\n"
        "        history.append(validate())\n",
    )


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def patience_from_the_first_best():
    """epochs before the first best one not counted for the patience"""
    edit("        waited += 1\n", "        waited += lowest < math.inf\n")


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def nothing_to_put_back():
    """no state from before the first epoch, so the last one is left if no loss is finite"""
    edit(
        "    model.load_state_dict(best)\n",
        "    if lowest < math.inf:\n        model.load_state_dict(best)\n",
    )


@caught_by("test_a_loss_that_is_no_number_is_never_the_best")
def nan_not_counted():
    """epochs with a loss of NaN not counted for the patience"""
    edit("        waited += 1\n", "        waited += not math.isnan(history[-1])\n")


@caught_by("test_buffers_are_put_back_too")
def buffers_forgotten():
    """the parameters put back, and not the buffers"""
    edit(
        "    model.load_state_dict(best)\n",
        "    names = dict(model.named_parameters())\n"
        "    kept = {name: best[name] for name in names}\n"
        "    model.load_state_dict(kept, strict=False)\n",
    )


@caught_by("test_buffers_are_put_back_too")
def whole_numbers_forgotten():
    """floating-point tensors put back, and not a buffer that counts"""
    edit(
        "    model.load_state_dict(best)\n",
        "    kept = {name: part for name, part in best.items() if part.is_floating_point()}\n"
        "    model.load_state_dict(kept, strict=False)\n",
    )


@caught_by("test_epochs_are_trained_in_training_mode")
def never_back_to_training_mode():
    """training mode set once, before the first epoch"""
    edit(
        "        model.train()\n        train_epoch()",
        "        if not history:\n            model.train()\n        train_epoch()",
    )


@caught_by("test_epochs_are_trained_in_training_mode")
def training_mode_left_to_others():
    """the model never put into training mode"""
    edit("        model.train()\n", "")


@caught_by("test_epochs_are_trained_in_training_mode")
def flags_set_by_hand():
    """the attribute training set in every module, where a model may do more in its train()"""
    edit(
        "        model.train()\n",
        "        for module in model.modules():\n            module.training = True\n",
    )
    edit(
        "    model.eval()\n    return history",
        "    for module in model.modules():\n        module.training = False\n    return history",
    )


@caught_by("test_epochs_are_trained_in_training_mode")
def left_without_evaluation_mode():
    """the model left in training mode at the end"""
    edit("    model.eval()\n    return", "    return")


@caught_by("test_epochs_are_trained_in_training_mode")
def mode_of_before():
    """the model put back into the mode from before the training, not into evaluation mode"""
    edit(
        "    history: list[float] = []\n",
        "    history: list[float] = []\n    mode = model.training\n",
    )
    edit("    model.eval()\n    return", "    model.train(mode)\n    return")
