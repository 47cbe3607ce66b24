"""What goes wrong in a study of ranks."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def alpha_grows_with_the_rank():
    """alpha multiplied by the rank, so that the update is not divided by it"""
    edit("inject(model, targets, rank, alpha)", "inject(model, targets, rank, alpha * rank)")


@caught_by("test_the_runs_differ_in_rank_and_seed_alone")
def alpha_scaled_for_each_rank():
    """alpha scaled for each rank, so that alpha / rank is that of the first one"""
    edit('how = {"alpha": alpha,', 'how = {"alpha": alpha * rank / ranks[0],')


@caught_by("test_the_base_stays_as_it_is")
def base_adapted():
    """the base itself adapted and trained, or a shallow copy of it, which shares its layers"""
    edit("model = deepcopy(base)", "model = base")


@caught_by("test_the_base_stays_as_it_is")
def base_put_into_training_mode():
    """the base put into training mode"""
    edit("model = deepcopy(base)", "model = deepcopy(base.train())")


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


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def lowest_loss():
    """the lowest loss of the history returned, be it that of the base"""
    edit("history[-1][1]", "min(loss for _, loss in history)")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def weight_decay():
    """AdamW's default weight decay of 0.01"""
    edit("AdamW(trained, weight_decay=0.0)", "AdamW(trained)")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def gradients_not_clipped():
    """gradients of any norm, not of at most 1"""
    edit("max_norm=1.0", "max_norm=1e12")


@caught_by("test_a_run_depends_on_its_seed_alone")
def matrices_not_seeded():
    """matrices A from the global generator as it is, so that two runs with one seed differ"""
    edit("        torch.manual_seed(seed)\n", "")


@caught_by("test_a_run_depends_on_its_seed_alone")
def global_generator_seeded():
    """the global generator seeded, and left like that"""
    with spelling():
        edit("with torch.random.fork_rng(devices=[]):", "if True:")
    with spelling():  # what is put back is the state after the seed
        edit(
            "    with torch.random.fork_rng(devices=[]):\n        torch.manual_seed(seed)\n",
            "    torch.manual_seed(seed)\n    with torch.random.fork_rng(devices=[]):\n",
        )


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def same_batches_for_all_seeds():
    """a fixed seed for the batches, so that the seeds differ in A alone"""
    edit("        seed=seed,\n", "        seed=0,\n")


@caught_by("test_a_run_is_the_training_that_the_contract_says")
def same_matrices_for_all_seeds():
    """a fixed seed for the matrices A, so that the seeds differ in the batches alone"""
    edit("        torch.manual_seed(seed)\n", "        torch.manual_seed(0)\n")


@caught_by("test_the_base_stays_as_it_is")
def runs_go_on():
    """each run merged into the base, so that the next one goes on from it"""
    edit(
        "    return sum(parameter.numel() for parameter in trained)",
        "    with torch.no_grad():\n"
        "        for path, layer in model.named_modules():\n"
        '            if hasattr(layer, "lora_A"):\n'
        "                update = alpha / rank * layer.lora_B @ layer.lora_A\n"
        "                base.get_submodule(path).weight.add_(update)\n"
        "    return sum(parameter.numel() for parameter in trained)",
    )


@caught_by("test_the_runs_differ_in_rank_and_seed_alone")
def runs_remembered():
    """runs remembered by rank and seed, so that a study of another base repeats their losses"""
    edit("Row = tuple[int, int, list[float]]\n", "Row = tuple[int, int, list[float]]\nRUNS = {}\n")
    edit(
        "            parameters, loss = run_rank(base, targets, rank, seed, train, valid, **how)\n",
        "            if (rank, seed) not in RUNS:\n"
        "                RUNS[rank, seed] = run_rank(\n"
        "                    base, targets, rank, seed, train, valid, **how\n"
        "                )\n"
        "            parameters, loss = RUNS[rank, seed]\n",
    )


@caught_by("test_the_runs_differ_in_rank_and_seed_alone")
def seeds_of_its_own_for_each_rank():
    """the rank added to the seed, so that each rank has seeds of its own"""
    edit(
        "targets, rank, seed, train, valid, **how)",
        "targets, rank, seed + rank, train, valid, **how)",
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


@caught_by("test_report_hears_of_every_run")
def count_restarts():
    """the count given to report starts again with each rank"""
    edit("        losses = []\n", "        losses = []\n        done = 0\n")


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


@caught_by("test_the_smallest_rank_within_the_limit_is_chosen")
def strictly_below_the_limit():
    """a mean at the limit refused, so that no rank is left where the best losses are equal"""
    edit("mean(losses) <= limit", "mean(losses) < limit")


@caught_by("test_the_standard_error_is_that_of_the_mean")
def standard_deviation_for_error():
    """the standard deviation of the losses, not divided by the root of their number"""
    edit(" / len(losses) ** 0.5", "")


@caught_by("test_the_standard_error_is_that_of_the_mean")
def divided_by_n():
    """squares divided by n, not by n - 1"""
    edit("from statistics import mean, stdev", "from statistics import mean, pstdev")
    edit("lowest + stdev(losses)", "lowest + pstdev(losses)")


@caught_by("test_the_standard_error_of_the_best_row_counts")
def own_standard_error():
    """each rank's own standard error taken off its mean, not that of the best one added to it"""
    edit(
        "if mean(losses) <= limit", "if mean(losses) - stdev(losses) / len(losses) ** 0.5 <= lowest"
    )


@caught_by("test_the_standard_error_of_the_best_row_counts")
def error_of_the_first_best_row():
    """of several rows with the lowest mean, the first one's standard error taken"""
    edit(
        "min((mean(losses), rank, losses) for rank, _, losses in rows)",
        "min(((mean(row[2]), row[0], row[2]) for row in rows), key=lambda each: each[0])",
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
        "    if any(len(losses) < 2 for _, _, losses in rows):\n"
        '        raise ValueError("the standard error of a mean needs at least two losses")\n',
        "",
    )
