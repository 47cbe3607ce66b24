"""How quick Groundwork is, as ratios that any machine can check: ``python -m benchmarks``.

Each row sets two things beside each other, measured in turn in one run: ``pairs`` measures,
``clone`` is the throw-away workspace, ``history`` makes years of records, ``terminal`` watches a
screen, ``rows`` says what is measured and what it must reach, ``table`` shows it.

``python -m benchmarks.site`` measures the site of a ``big`` workspace: ``rendering``, ``serving``,
and the weight of its pages. ``python -m benchmarks.train_loop_margin`` measures by how much the
check of training/train_loop that trains a model is passed, and ``python -m benchmarks.spam_margin``
the same for finetuning/spam_classifier.
``python -m benchmarks.rank_study`` makes the figures of the lesson lora/rank_study.
"""
