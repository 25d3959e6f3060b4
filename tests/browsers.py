"""The real Chromium that the journeys drive: the system's where there is one, else Playwright's own."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = [  # no calls home: a test machine may have no way out
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def chromium_path() -> str | None:
    """The browser to start, or None for the one that `playwright install chromium` brings."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.exists() else None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; as root it runs without the sandbox, which refuses root."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=QUIET, chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser
        finally:
            browser.close()


def starts() -> str:
    """The version of the Chromium that just opened a page. Raises when none does."""
    with chromium() as browser:
        browser.new_page().goto("about:blank")
        return browser.version


if __name__ == "__main__":
    try:
        print("Chromium", starts())
    except Exception as reason:
        sys.exit(f"Chromium does not start: {str(reason).splitlines()[0]}")
