"""Donors and their money, through the real services."""

import itertools
from datetime import date
from typing import Any

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from funds import events, services
from funds.models import Contribution, Donor, DonorRepresentative, DonorReturn, Pledge, Waqf
from funds.services import endings
from funds.services import waqf as waqf_services
from kernel.uploads import check_upload
from tests.factories import accounts, files

_number = itertools.count(1)


def keepers() -> tuple[User, User]:
    """Two finance officers: one records, the other confirms."""
    held = list(users_with_role(Role.FINANCE_OFFICER)[:2])
    held += [accounts.officer(Role.FINANCE_OFFICER) for _ in range(2 - len(held))]
    return held[0], held[1]


def donor(**fields: Any) -> Donor:
    """A plainly fictitious foundation."""
    n = next(_number)
    name = LazyI18nString({"ar": f"مؤسسة المانح التجريبي {n}", "en": f"Test Donor Foundation {n}"})
    return services.add_donor(name, actor=keepers()[0], **{"kind": "foundation", **fields})


def representative(of: Donor, role: str = "lead") -> User:
    """A person with the donor's mandate since today."""
    return speaks_for(of, accounts.user(), role)


def speaks_for(of: Donor, person: User, role: str = "lead") -> User:
    """The person, with the donor's mandate since today."""
    services.add_representative(of, person, starts_on=timezone.localdate(), role=role, actor=keepers()[0])
    return person


def past_representative(of: Donor, user: User, *, starts_on: date, ends_on: date) -> DonorRepresentative:
    """Somebody who represented the donor between two days of the past."""
    mandate = services.add_representative(of, user, starts_on=starts_on, actor=keepers()[0])
    lifecycle.note(mandate, events.RepresentativeEnded(person=user.pk), actor=keepers()[0])
    mandate.ends_on = ends_on
    mandate.save(update_fields=["ends_on"])
    return mandate


def made_pledge(amount_minor: int = 50_000_00, **fields: Any) -> Pledge:
    """A pledge that is not signed."""
    values = {"expected_on": timezone.localdate(), "actor": keepers()[0], **fields}
    return services.pledge(values.pop("donor", None) or donor(), amount_minor=amount_minor, **values)


def recorded_contribution(amount_minor: int = 100_000_00, **fields: Any) -> Contribution:
    """Money that one person recorded and nobody confirmed."""
    values = {
        "received_on": timezone.localdate(),
        "bank_reference": f"BR-{next(_number):05}",
        "actor": keepers()[0],
        **fields,
    }
    return services.record_contribution(values.pop("donor", None) or donor(), amount_minor=amount_minor, **values)


def confirmed_contribution(amount_minor: int = 100_000_00, **fields: Any) -> Contribution:
    """Money in the books, in a source account of its own."""
    contribution = recorded_contribution(amount_minor, **fields)
    other = next(one for one in keepers() if one.pk != contribution.recorded_by_id)
    return services.confirm_contribution(contribution, amount_minor=amount_minor, actor=other)


def deed(**fields: Any) -> dict[str, Any]:
    """What a plainly fictitious deed says."""
    return {
        "founder": "واقف تجريبي",
        "deeded_on": date(2020, 5, 1),
        "conditions": "يُصرف الريع على مرضى الحي، ولا يُباع الأصل ولا يُرهن.",
        "nazir": "ناظر تجريبي",
        "file": _looked_through(files.pdf(unlike=next(_number))),
        **fields,
    }


def _looked_through(file: Any) -> Any:
    file.checked = check_upload(file)
    return file


def founded(**served: list[str]) -> Waqf:
    """A waqf of a donor of its own; ``served`` is what its yield may serve."""
    of = donor(kind="waqf")
    return waqf_services.add_waqf(of, name=f"وقف تجريبي {next(_number)}", actor=keepers()[0], **deed(**served))


def returned(contribution: Contribution, minor: int) -> DonorReturn:
    """Money that two people gave back to its donor."""
    first, second = keepers()
    asked = endings.ask_return(contribution, amount_minor=minor, why="بطلب المانح", actor=first)
    return endings.release_return(asked, actor=second)
