"""What happens to calls, applications, grants and reports."""

from grants.events.applications import *  # noqa: F403
from grants.events.asking import *  # noqa: F403
from grants.events.calls import *  # noqa: F403
from grants.events.colleagues import *  # noqa: F403
from grants.events.erasures import *  # noqa: F403
from grants.events.grants import *  # noqa: F403
from grants.events.religious import *  # noqa: F403
from grants.events.reports import *  # noqa: F403
from grants.events.revisions import *  # noqa: F403
