"""Reading the register of providers."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from disbursements.models import PaymentProvider, ProviderScreening
from disbursements.selectors.runs import sees_runs
from disbursements.states import ProviderState
from kernel.money import Money
from ledger.models import Account
from ledger.selectors import balance


def visible_providers(user: Any) -> QuerySet[PaymentProvider]:
    """The register, for those who see bank details, with the searches of each; two queries."""
    searches = ProviderScreening.objects.select_related("screened_by").order_by("-recorded_at")
    found = PaymentProvider.objects.select_related("proposed_by", "approved_by")
    found = found.prefetch_related(Prefetch("screenings", queryset=searches)).order_by("state", "name", "pk")
    return found if sees_runs(user) else found.none()


def providers_in_use(currency: str) -> QuerySet[PaymentProvider]:
    """Providers that may be chosen for a payment: approved, their licence valid."""
    found = PaymentProvider.objects.filter(state=ProviderState.APPROVED, licence_until__gte=timezone.localdate())
    return found.filter(currency=currency).order_by("name", "pk")


def held_by(provider: PaymentProvider) -> Money:
    """What the provider holds of the fund's money now, as the books say."""
    account = Account.objects.filter(code=f"1050/{provider.pk}").first()
    return Money(balance(account).posted_minor if account else 0, provider.currency)
