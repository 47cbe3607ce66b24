"""A journal from elsewhere, read: what in it is an entry, a card, a reading, a claim or a picture.

``text`` makes bytes into text, ``mending`` repairs what was garbled on the way, ``blocks`` cuts
Markdown into headings and pieces, ``dates`` reads headings as days, ``tables`` and ``lists`` say
what a table or a list is, ``claims`` what is said to be done, ``pictures`` what is shown, and
``plan`` puts every piece where it belongs. A piece keeps the learner's own Markdown, line by line.
"""
