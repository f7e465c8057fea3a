"""The wording of the charter's notices."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from notices.registry import wording


@wording("charter.proposed")
def proposed(params: Mapping[str, Any]) -> tuple[str, str]:
    """A version is before the networks."""
    return (
        _("Your network votes on version %(number)s of the charter") % params,
        _(
            "Version %(number)s of the fund's charter is before the networks. Read what changes, then cast the vote "
            "of your network."
        )
        % params,
    )


@wording("charter.discussed")
def discussed(params: Mapping[str, Any]) -> tuple[str, str]:
    """Somebody spoke on a version."""
    return (
        _("A remark on version %(number)s of the charter") % params,
        _("A network or the fund said something on version %(number)s of the charter. Read it, and answer if you wish.")
        % params,
    )


@wording("charter.ratified")
def ratified(params: Mapping[str, Any]) -> tuple[str, str]:
    """A version came into force."""
    return (
        _("Version %(number)s of the charter is in force") % params,
        _("%(consenting)s of %(networks)s networks consented. From now on the fund works by this version.") % params,
    )


@wording("charter.withdrawn")
def withdrawn(params: Mapping[str, Any]) -> tuple[str, str]:
    """A proposed version was withdrawn."""
    return (
        _("Version %(number)s of the charter was withdrawn") % params,
        _("It no longer needs a vote. The charter in force stays as it is."),
    )
