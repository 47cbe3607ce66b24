"""What belongs to the learner: records, progress, journal, notes, cards, imports."""
