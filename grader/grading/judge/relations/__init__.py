"""Relations: what is measurably so of wrong answers, each stated in one sentence.

They are found where no known mistake fits. ``asked`` gathers what was asked, expected and
returned; each other module here is one kind of relation: pure functions from that to a sentence
or None. A relation may be missing; one that is stated holds for every answer that it speaks of.
"""
