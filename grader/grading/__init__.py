"""Grading: checks run in the judge, the learner's code in a worker, data go between them.

Reading order: ``protocol/codec`` (what crosses), ``worker/loader`` (sources as modules),
``judge/expect`` and ``judge/proxy`` (what a check may say), ``worker/worker``,
``judge/conversation``, ``judge/judge``, ``host/server``, ``client``.
Nothing here is imported by name from the package, so that ``client`` stays free of torch.
"""
