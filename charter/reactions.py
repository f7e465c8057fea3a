"""Who is told what happens to the charter."""

from typing import Any

from django.urls import reverse

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit.reactions import reacts_to
from charter import events, selectors
from charter.models import CharterVersion, Remark
from notices.services import notify


def _tell(version: CharterVersion, kind: str, people: Any, **params: Any) -> None:
    notify(
        people,
        f"charter.{kind}",
        params={"number": version.number, **params},
        url=reverse("charter:version_detail", args=[version.number]),
        dedupe_key=f"{kind}:{version.pk}",
    )


@reacts_to(events.CharterProposed)
def tell_voters(version: CharterVersion, event: events.CharterProposed, *, actor: Any, leaf: Any) -> None:
    """The networks' representatives are asked to vote."""
    _tell(version, "proposed", selectors.voters())


@reacts_to(events.CharterDiscussed)
def tell_of_remark(remark: Remark, event: events.CharterDiscussed, *, actor: Any, leaf: Any) -> None:
    """The other representatives and the fund managers hear that somebody spoke."""
    people = {one.pk: one for one in [*selectors.voters(), *users_with_role(Role.FUND_MANAGER)]}
    people.pop(remark.author_id, None)
    notify(
        people.values(),
        "charter.discussed",
        params={"number": event.number},
        url=reverse("charter:version_detail", args=[event.number]),
        dedupe_key=f"discussed:{remark.pk}",
    )


@reacts_to(events.CharterRatified)
def tell_of_ratification(version: CharterVersion, event: events.CharterRatified, *, actor: Any, leaf: Any) -> None:
    """Representatives, fund managers and the board hear of the new charter."""
    people = [*selectors.voters(), *users_with_role(Role.FUND_MANAGER), *users_with_role(Role.BOARD_MEMBER)]
    _tell(version, "ratified", people, consenting=event.consenting, networks=event.networks)


@reacts_to(events.CharterWithdrawn)
def tell_of_withdrawal(version: CharterVersion, event: events.CharterWithdrawn, *, actor: Any, leaf: Any) -> None:
    """Who was asked to vote need not any more."""
    if version.proposed_at is not None:
        _tell(version, "withdrawn", [*selectors.voters(), *users_with_role(Role.FUND_MANAGER)])
