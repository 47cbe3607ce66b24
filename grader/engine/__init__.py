"""The engine: checks run in the judge, the learner's code in a worker, data go between them.

Reading order: ``wire`` (the codec), ``loader`` (sources as modules), ``expect`` and ``side``
(what a check may say), ``worker``, ``conversation``, ``judge``, ``host``, ``client``.
Nothing here is imported by name from the package, so that ``client`` stays free of torch.
"""
