"""The importer of journals from elsewhere: it reads entries, cards, readings, claims and pictures.

In the order in which a journal passes through: ``encoding`` decodes bytes and ``mojibake`` repairs
garbled text; ``document`` parses Markdown into headings and ``blocks``; ``dates`` parses dates,
``day_headings`` resolves the dates of headings and ``days`` collects what stands below them;
``table_classifier`` and ``list_classifier`` decide what everything else is; and ``journal_reader``
puts it together as ``contents``. A piece keeps the learner's own Markdown, line by line.
"""
