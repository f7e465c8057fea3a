"""What an application asks of the fund, as far as it decides which questions are asked."""

from grants.form_tree import form_of
from grants.models import Application, Call
from grants.questions.proportion import AMOUNT


def deciding_minor(application: Application) -> int:
    """The larger of what the organisation plans to ask for and what its budget comes to, in minor units."""
    return max(application.expected_minor or 0, application.requested_minor)


def is_proportional(call: Call) -> bool:
    """Whether the amount is asked first: the call asks more of those who ask for more, or its concept notes have no budget."""
    least, form = call.logframe_from_minor, form_of(call)
    results = least is not None and call.floor_minor < least <= call.ceiling_minor
    return call.concept_closes_at is not None or results or any(AMOUNT in form.names_in(page) for page in form.pages)
