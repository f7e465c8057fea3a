"""First loads of pages on a thin line: HTML and CSS, compressed, against the first round trip of TCP."""

from collections.abc import Iterator

from django.test import Client, override_settings
from django.urls import reverse

from bench import Figure
from grants.selectors import parts
from tests.factories import accounts, grants
from tests.page_weights import FIRST_ROUND_TRIP, weight

PAGES = {"sign-in": "/account/login/", "home": "/"}


def measure() -> Iterator[Figure]:
    """Each page as a stranger gets it, in Arabic."""
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for name, path in PAGES.items():
            size, _whole = weight(opened(Client(), path))
            yield Figure("pages", f"first load of the page “{name}”", size, "bytes", limit=FIRST_ROUND_TRIP)

    yield from _application()


def _application() -> Iterator[Figure]:
    """The pages on which an organisation writes, as its preparer gets them."""
    application = grants.complete_application()
    client = Client()
    accounts.sign_in(client, grants.preparer(application.organisation))
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        sizes = {}
        for part in parts.parts_of(application):
            path = reverse("grants:application_part", args=[application.pk, part.key])
            sizes[part.key], _whole = weight(opened(client, path))
    largest = max(sizes, key=lambda key: sizes[key])
    yield Figure(
        "pages",
        "first load of an application page, the largest",
        sizes[largest],
        "bytes",
        limit=FIRST_ROUND_TRIP,
        note=largest,
    )


def opened(client: Client, path: str) -> bytes:
    """The page in Arabic; a page that does not open must not pass for a light one."""
    answer = client.get(path, headers={"accept-language": "ar"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return answer.content
