"""Who keeps the register of providers, and what one may carry."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for
from charter import stored
from disbursements import events
from disbursements.models import Payment, PaymentProvider, ProviderScreening, Voucher
from disbursements.states import Channel, ProviderState, Screening, VoucherState
from grants.models import Grant
from kernel.money import Money, format_money
from kernel.permissions import Allowed, Denied, PermissionResult, all_of


@rule_for(events.ProviderProposed)
def may_propose_provider(provider: PaymentProvider, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer proposes an entry of the register."""
    return may_hold(actor, Role.FINANCE_OFFICER)


@rule_for(events.ProviderScreened)
def may_screen_provider(screening: ProviderScreening, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer looks at the lists for a provider that may still be used."""
    if screening.provider.state == ProviderState.RETIRED:
        return Denied(_("This provider is not used any more."))
    return may_hold(actor, Role.FINANCE_OFFICER)


@rule_for(events.ProviderApproved)
def may_approve_provider(provider: PaymentProvider, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The fund manager, another person than the proposer, after a clear look at the lists and under a valid licence."""
    if actor is not None and actor.pk == provider.proposed_by_id:
        return Denied(_("You proposed this provider; another person approves it."))
    return all_of(may_hold(actor, Role.FUND_MANAGER), has_licence(provider), is_clear(provider))


@rule_for(events.ProviderSuspended, events.ProviderResumed, events.ProviderRetired)
def may_steer_provider(provider: PaymentProvider, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The fund manager suspends, resumes and retires; finance may suspend at once."""
    if isinstance(event, events.ProviderSuspended):
        return may_hold(actor, Role.FUND_MANAGER, Role.FINANCE_OFFICER)
    return may_hold(actor, Role.FUND_MANAGER)


def has_licence(provider: PaymentProvider) -> PermissionResult:
    """Whether the licence is still valid today."""
    if provider.licence_until >= timezone.localdate():
        return Allowed()
    return Denied(
        _("The licence of %(provider)s ended on %(day)s.")
        % {"provider": provider, "day": provider.licence_until.isoformat()}
    )


def is_clear(provider: PaymentProvider) -> PermissionResult:
    """Whether the last look at the lists of sanctions was clear."""
    last = provider.screenings.order_by("-recorded_at").first()
    if last is None:
        return Denied(_("%(provider)s was not searched in the lists of sanctions yet.") % {"provider": provider})
    if last.outcome != Screening.CLEAR:
        return Denied(_("%(provider)s was found in a list of sanctions.") % {"provider": provider})
    return Allowed()


def is_clear_now(provider: PaymentProvider, grant: Grant) -> PermissionResult:
    """Whether it was searched within the charter's hours, and clear."""
    hours = stored.rules_of(grant.frozen_rules).payments.screening_oldest_hours
    last = provider.screenings.order_by("-recorded_at").first()
    if last is not None and (timezone.now() - last.recorded_at).total_seconds() > hours * 3600:
        return Denied(
            _("The last search of %(provider)s in the lists of sanctions is older than %(hours)s hours.")
            % {"provider": provider, "hours": hours}
        )
    return is_clear(provider)


def its_channel_carries_it(payment: Payment) -> PermissionResult:
    """Whether the payment may go the way it names: by bank, or through a provider within its licence and limits."""
    provider = payment.provider
    if provider is None:
        return Allowed() if payment.channel == Channel.BANK else Denied(_("Choose who carries the payment."))
    if provider.state != ProviderState.APPROVED:
        return Denied(
            _("%(provider)s may not be used now: %(state)s.")
            % {"provider": provider, "state": provider.get_state_display()}
        )
    return all_of(
        has_licence(provider),
        is_clear_now(provider, payment.tranche.grant),
        is_within_limits(payment, provider),
        is_covered(payment.tranche.grant, provider),
    )


def is_within_limits(payment: Payment, provider: PaymentProvider) -> PermissionResult:
    """Whether the payment is in the provider's currency and not above its largest payment."""
    if payment.currency != provider.currency:
        return Denied(
            _("%(provider)s carries %(currency)s only.") % {"provider": provider, "currency": provider.currency}
        )
    if payment.amount_minor > provider.most_payment_minor:
        most = format_money(Money(provider.most_payment_minor, provider.currency), (get_language() or "en")[:2])
        return Denied(_("%(provider)s carries at most %(most)s in one payment.") % {"provider": provider, "most": most})
    return Allowed()


def is_covered(grant: Grant, provider: PaymentProvider) -> PermissionResult:
    """Whether the provider works in a governorate of the grant."""
    if set(provider.governorates).intersection(grant.application.governorates):
        return Allowed()
    return Denied(_("%(provider)s does not work in the governorates of this grant.") % {"provider": provider})


def is_vouched(payment: Payment, actor: Any) -> PermissionResult:
    """Whether ``actor`` has just entered the code that the payee showed: this stands for the payee's own confirmation."""
    shown = Voucher.objects.filter(payment=payment, state=VoucherState.REDEEMED, redeemed_by=actor)
    return Allowed() if actor is not None and shown.exists() else Denied(_("The payee confirms what arrived."))
