"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poolfund.settings.production")

application = get_wsgi_application()

from kernel import identity  # noqa: E402 -- after the settings stand

identity.begin_as_nobody()
