"""What a run would compute, checked before it has a folder."""

from collections.abc import Iterable

from semcom.errors import UserError
from semcom.record.folder import WHOLE, Part
from semcom.scenario.find import with_place
from semcom.scenario.scenario import Scenario
from semcom.sweep.job import Job, check, jobs_of


def planned(asked: Scenario, given: str, changes: Iterable[str] = (), part: Part = WHOLE) -> list[Job]:
    """The points and repeats of a scenario that was loaded by the name or path `given`, with `changes`.

    Raises UserError, with the file and the line, for what cannot be computed.
    """
    jobs = jobs_of(asked, part)
    try:
        check(jobs)
    except UserError as error:
        raise UserError(with_place(given, changes, str(error))) from None
    return jobs
