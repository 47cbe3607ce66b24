"""The importer of journals from elsewhere: it reads entries, cards, readings, claims and pictures.

Text is copied, and nothing is taken out of it: it goes to the log or to a note as it stood. Cards,
readings and claims are counted beside it.

In the order in which a journal passes through: ``file_kinds`` says what a file is and
``file_name`` what it is called; ``encoding`` decodes bytes, with ``charset`` and ``letters``, and
``mojibake`` repairs garbled text; ``org_text``, ``web_page`` and ``csv_table`` make Markdown of
other forms; ``document`` parses Markdown into headings and ``blocks``, with the help of
``day_lines``, which sees headings where people wrote none. ``dates`` parses the date of a line,
by the forms in ``date_forms`` and the names in ``calendar_names``; ``day_marks`` collects the
lines that say a day, ``day_headings`` resolves their dates, and ``days`` collects what stands
below them. ``file_days`` reads the names of files. ``table_classifier`` and ``list_classifier``
find cards and readings in everything else; ``claims`` reads what is said to be done in
``check_boxes`` and ``status_tables``; and ``journal_reader`` puts it together as ``contents``. A
piece keeps the learner's own Markdown, line by line.
"""
