"""The Chromium of the tests: Debian's, and it finds no name but this machine's.

Playwright's own contexts always believe that they are looked at. `everyday` is a browser as a person has it: a tab
behind another one is hidden, and no page sounds before somebody has touched it.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.waiting import GENEROUS_S, until

PROGRAM = "/usr/bin/chromium"
SWITCHES = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
"""Run by root, Chromium has no sandbox; nothing it could load is found beyond this machine."""

PORT_FILE = "DevToolsActivePort"


def with_microphone(sound: Path) -> tuple[str, ...]:
    """Return the switches of a browser whose microphone hears a file, and which gives it to whoever asks."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
    )


def launched(playwright: Playwright, *switches: str) -> Browser:
    """Start a browser whose contexts are all Playwright's."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=[*SWITCHES, *switches])


@contextmanager
def everyday(playwright: Playwright, folder: Path) -> Iterator[BrowserContext]:
    """Run a browser with a profile in `folder`, and leave it as it is."""
    command = [PROGRAM, "--headless", *SWITCHES, "--no-first-run", "--remote-debugging-port=0"]
    process = subprocess.Popen([*command, f"--user-data-dir={folder}", "about:blank"], stderr=subprocess.DEVNULL)
    try:
        ready = folder / PORT_FILE
        until(lambda: ready.exists() and "\n" in ready.read_text(), "Chromium can be reached")
        port = ready.read_text().split()[0]
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
        yield browser.contexts[0]
        browser.close()
    finally:
        process.terminate()
        process.wait(GENEROUS_S)
