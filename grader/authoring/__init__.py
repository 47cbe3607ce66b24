"""Tools for authors of the course: stubs, skeletons, and the proof that an exercise is sound.

``stubs`` writes what is generated; ``skeleton`` begins an exercise (``unit_entry`` adds it to the
YAML files); ``gate`` proves every exercise, by reading (``static_checks``, ``stray_files``), by
asking the judge (``trial``, ``trial_rules``) and by plain pytest (``plain_pytest``, and
``result_plugin`` in its process); ``mutation_run`` looks for changes that no check notices, with
the changes of ``mutation`` and the runs of ``mutant_trials``; ``blind_answers`` grades what people
wrote who saw stub and lesson alone (``trial_ledger`` keeps what came out), and ``proposals`` looks
for the small change of the reference that answers as one of them does; ``quality`` counts what all
of them, and the right answers of ``sample_answers``, have shown. ``case`` is one exercise with all
its texts, and ``proof_cache`` keeps what was proved before.
"""

from grader.authoring.blind_answers import (
    BlindAnswer,
    BlindResult,
    TrialCount,
    count_results,
    grade_answers,
    list_answers,
)
from grader.authoring.case import read_one_case
from grader.authoring.gate import check
from grader.authoring.mutant_tally import Survivor, Tally
from grader.authoring.mutation_run import mutate
from grader.authoring.proposals import Proposal, Proposals, propose_mistakes
from grader.authoring.quality import HEAD as QUALITY_HEAD
from grader.authoring.quality import Quality, measure_quality, require_complete, write_quality
from grader.authoring.skeleton import NewExercise, begin_exercise
from grader.authoring.stubs import WrittenStubs, find_stub_faults, write_stubs
from grader.authoring.trial_ledger import TrialLedger

__all__ = [
    "QUALITY_HEAD",
    "BlindAnswer",
    "BlindResult",
    "NewExercise",
    "Proposal",
    "Proposals",
    "Quality",
    "Survivor",
    "Tally",
    "TrialCount",
    "TrialLedger",
    "WrittenStubs",
    "begin_exercise",
    "check",
    "count_results",
    "find_stub_faults",
    "grade_answers",
    "list_answers",
    "measure_quality",
    "mutate",
    "propose_mistakes",
    "read_one_case",
    "require_complete",
    "write_quality",
    "write_stubs",
]
