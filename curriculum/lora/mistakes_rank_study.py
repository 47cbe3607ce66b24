"""What goes wrong in a study of ranks."""

from grader.checks import caught_by, edit


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def alpha_grows_with_the_rank():
    """alpha multiplied by the rank, so that the update is not divided by it"""
    edit("inject(model, targets, rank, alpha)", "inject(model, targets, rank, alpha * rank)")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def alpha_twice_the_rank():
    """an alpha of twice the rank, as many recipes have it, in place of the one that is given"""
    edit("inject(model, targets, rank, alpha)", "inject(model, targets, rank, 2.0 * rank)")


@caught_by("test_the_base_stays_as_it_is")
def base_adapted():
    """the base itself adapted and trained, not a copy of it"""
    edit("model = deepcopy(base)", "model = base")


@caught_by("test_the_base_stays_as_it_is")
def shallow_copy():
    """a shallow copy of the base, which shares its layers and their parameters"""
    edit("from copy import deepcopy\n", "from copy import copy\n")
    edit("model = deepcopy(base)", "model = copy(base)")


@caught_by("test_the_base_stays_as_it_is")
def gradients_of_the_base_removed():
    """the gradients of the base set to None"""
    edit(
        "    model = deepcopy(base)\n",
        "    model = deepcopy(base)\n    base.zero_grad()\n",
    )


@caught_by("test_the_base_stays_as_it_is")
def base_put_into_training_mode():
    """the base put into training mode"""
    edit("model = deepcopy(base)", "model = deepcopy(base.train())")


@caught_by("test_the_base_stays_as_it_is")
def base_frozen():
    """the base frozen before it is copied"""
    edit("model = deepcopy(base)", "model = deepcopy(base.requires_grad_(False))")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def everything_trained():
    """all parameters trained, those of the base too"""
    edit(
        "    trained = [",
        "    model.requires_grad_(True)\n    trained = [",
    )


@caught_by("test_a_run_returns_its_size_and_its_loss")
def all_parameters_counted():
    """the frozen parameters counted too"""
    edit(
        "return sum(parameter.numel() for parameter in trained)",
        "return sum(parameter.numel() for parameter in model.parameters())",
    )


@caught_by("test_a_run_returns_its_size_and_its_loss")
def tensors_counted():
    """the matrices counted, not their numbers"""
    edit("sum(parameter.numel() for parameter in trained)", "len(trained)")


@caught_by("test_a_run_returns_its_size_and_its_loss")
def history_returned():
    """the whole history returned in place of the last loss"""
    edit("history[-1][1]", "history")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def loss_before_training():
    """the loss before the first step returned"""
    edit("history[-1][1]", "history[0][1]")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def lowest_loss():
    """the lowest loss of the history returned, be it that of the base"""
    edit("history[-1][1]", "min(loss for _, loss in history)")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def loss_on_the_training_text():
    """the loss measured on the training text"""
    edit("        valid,\n        rates=rates,", "        train,\n        rates=rates,")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def weight_decay():
    """AdamW's default weight decay of 0.01"""
    edit("AdamW(trained, weight_decay=0.0)", "AdamW(trained)")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def plain_gradient_descent():
    """SGD in place of AdamW"""
    edit("torch.optim.AdamW(trained, weight_decay=0.0)", "torch.optim.SGD(trained, lr=0.1)")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def gradients_not_clipped():
    """gradients of any norm, not of at most 1"""
    edit("max_norm=1.0", "max_norm=1e12")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def same_rate_in_each_step():
    """the first rate used in each step"""
    edit(
        "        rates=rates,\n        batch",
        "        rates=[rates[0]] * len(rates),\n        batch",
    )


@caught_by("test_a_run_depends_on_its_seed_alone")
def matrices_not_seeded():
    """matrices A from the global generator as it is, so that two runs with one seed differ"""
    edit("        torch.manual_seed(seed)\n", "")


@caught_by("test_a_run_depends_on_its_seed_alone")
def global_generator_seeded():
    """the global generator seeded, and left like that"""
    edit("with torch.random.fork_rng(devices=[]):", "if True:")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def same_batches_for_all_seeds():
    """a fixed seed for the batches, so that the seeds differ in A alone"""
    edit("        seed=seed,\n", "        seed=0,\n")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def same_matrices_for_all_seeds():
    """a fixed seed for the matrices A, so that the seeds differ in the batches alone"""
    edit("        torch.manual_seed(seed)\n", "        torch.manual_seed(0)\n")


@caught_by("test_the_runs_differ_in_rank_and_seed_alone")
def runs_go_on():
    """each run goes on from the base that the run before has trained, its adapters merged"""
    edit(
        "    rows: list[Row] = []\n",
        "    base = deepcopy(base)\n    rows: list[Row] = []\n",
    )
    edit(
        "            losses.append(loss)\n",
        "            losses.append(loss)\n"
        "            with torch.no_grad():\n"
        "                for parameter in base.parameters():\n"
        "                    parameter.mul_(0.99)\n",
    )


@caught_by("test_the_runs_differ_in_rank_and_seed_alone")
def a_seed_for_each_run():
    """seeds counted on from run to run, so that no two ranks have the same"""
    edit(
        "targets, rank, seed, train, valid, **how)",
        "targets, rank, seed + done, train, valid, **how)",
    )


@caught_by("test_the_runs_differ_in_rank_and_seed_alone")
def rates_grow_with_the_rank():
    """learning rates that are scaled by the rank"""
    edit(
        'how = {"alpha": alpha, "rates": rates,',
        'how = {"alpha": alpha, "rates": [rate * rank / ranks[0] for rate in rates],',
    )


@caught_by("test_there_is_a_row_for_each_rank")
def rows_sorted():
    """rows sorted by rank, not in the given order"""
    edit("    return rows\n", "    return sorted(rows)\n")


@caught_by("test_there_is_a_row_for_each_rank")
def a_row_for_each_run():
    """a row for each run, with one loss"""
    edit(
        "            losses.append(loss)\n",
        "            losses = [loss]\n            rows.append((rank, parameters, losses))\n",
    )
    edit("        rows.append((rank, parameters, losses))\n    return rows", "    return rows")


@caught_by("test_there_is_a_row_for_each_rank")
def mean_in_the_row():
    """the mean of the losses in the row, not the losses"""
    edit("rows.append((rank, parameters, losses))", "rows.append((rank, parameters, mean(losses)))")


@caught_by("test_report_hears_of_every_run")
def reports_by_rank():
    """a report after each rank, not after each run"""
    edit(
        "            done += 1\n"
        "            if report is not None:\n"
        "                report(done, loss)\n",
        "        done += 1\n        if report is not None:\n            report(done, loss)\n",
    )


@caught_by("test_report_hears_of_every_run")
def runs_counted_from_zero():
    """runs counted from 0"""
    edit("report(done, loss)", "report(done - 1, loss)")


@caught_by("test_the_smallest_rank_within_the_limit_is_chosen")
def lowest_mean_chosen():
    """the rank with the lowest mean chosen, however small the difference is"""
    edit(
        "    return min(rank for rank, _, losses in rows if mean(losses) <= limit)\n",
        "    return min((mean(losses), rank) for rank, _, losses in rows)[1]\n",
    )


@caught_by("test_the_smallest_rank_within_the_limit_is_chosen")
def first_row_within_the_limit():
    """the first row within the limit, in the order of the rows"""
    edit("return min(rank for", "return next(rank for")


@caught_by("test_the_standard_error_is_that_of_the_mean")
def standard_deviation_for_error():
    """the standard deviation of the losses, not divided by the root of their number"""
    edit(" / len(losses) ** 0.5", "")


@caught_by("test_the_standard_error_is_that_of_the_mean")
def divided_by_n():
    """squares divided by n, not by n - 1"""
    edit("from statistics import mean, stdev", "from statistics import mean, pstdev")
    edit("lowest + stdev(losses)", "lowest + pstdev(losses)")


@caught_by("test_the_standard_error_is_that_of_the_mean")
def divided_by_the_number():
    """the standard deviation divided by n, not by its root"""
    edit(" / len(losses) ** 0.5", " / len(losses)")


@caught_by("test_the_standard_error_of_the_best_row_counts")
def own_standard_error():
    """each rank's own standard error taken off its mean, not that of the best one added to it"""
    edit(
        "if mean(losses) <= limit", "if mean(losses) - stdev(losses) / len(losses) ** 0.5 <= lowest"
    )


@caught_by("test_a_mean_of_one_loss_has_no_standard_error")
def one_loss_accepted():
    """one loss accepted, with a standard error of 0"""
    edit(
        "    if any(len(losses) < 2 for _, _, losses in rows):\n        raise",
        "    if any(len(losses) < 1 for _, _, losses in rows):\n        raise",
    )
    edit("+ stdev(losses)", "+ (stdev(losses) if len(losses) > 1 else 0.0)")


@caught_by("test_a_mean_of_one_loss_has_no_standard_error")
def only_the_best_row_asked():
    """an error only if the row with the lowest mean has one loss"""
    edit(
        "    if any(len(losses) < 2 for _, _, losses in rows):",
        "    if len(min(rows, key=lambda row: mean(row[2]) if row[2] else 0.0)[2]) < 2:",
    )
