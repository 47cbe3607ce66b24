"""The importer of journals from elsewhere: it reads entries, cards, readings, claims and pictures.

Text is copied, and nothing is taken out of it: it goes to the log or to a note as it stood. Cards,
readings and claims are counted beside it.

In the order in which a journal passes through: ``files`` says what a file is and what it is called,
and decodes its bytes; ``formats`` makes Markdown of other forms; ``text`` parses Markdown into
headings, blocks and pieces; ``dates`` parses what a line or a file's name says of a day; ``days``
finds the lines that begin a day, and collects what stands below them. ``findings`` are the cards
and readings in everything else, ``claims`` what is said to be done, ``links`` what leads to other
files; and ``journal_reader`` puts it together as ``contents``. When it is imported again,
``versions`` recognises what was edited. A piece keeps the learner's own Markdown, line by line.
"""
