"""How tests start Debian's Chromium: nothing that a page can tell, only what it costs."""

from typing import Any

from poolfund import embedded
from poolfund.management.commands.screenshots import CHROMIUM

OF_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "PreconnectToSearch",
)
"""Features that playwright 1.64 itself leaves out: Chromium heeds only the last list that it is given."""
UNUSED = (
    # A new document gets a new frame, drawn by a new compositor: a tenth of a second at each step of a journey.
    "RenderDocument",
    # All pages are of one address, each browser's in its own process as before; none waits for another address.
    "IsolateOrigins",
    "site-per-process",
    "SpareRendererForSitePerProcess",
)
"""Features that cost a fifth of the browser's time and show nothing of the fund's pages."""
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-lcd-text",
    "--disable-site-isolation-trials",
    f"--disable-features={','.join(OF_PLAYWRIGHT + UNUSED)}",
    # Each page lives for a second: V8 compiles simply and at once, and does not optimise what is gone by then.
    "--js-flags=--always-sparkplug --no-opt --no-maglev --no-flush-bytecode --single-threaded --min-semi-space-size=16",
)
ON_DISK = "--disable-dev-shm-usage"
"""Playwright's switch: what is drawn goes through files on the disk, for containers with 64 MiB of shared memory."""


def launch(playwright: Any) -> Any:
    """The browser; what it draws goes through memory where there is room."""
    without = [ON_DISK] if embedded.room_in_memory() else []
    return playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES, ignore_default_args=without)


def visitor(browser: Any, **options: Any) -> Any:
    """A browser context of somebody whose device asks for no motion: else each click waits until the page has glided there.

    Pages glide for the visitors of `tests.kernel.test_scripts` and `tests.grants.test_file_line`.
    """
    return browser.new_context(reduced_motion="reduce", **options)
