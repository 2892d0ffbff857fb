"""The demo for a person: prints where to look and as whom to sign in, and stays until it is ended."""

import signal
import threading
import webbrowser

from hub.demo.stage import Choice, Stage, StageError, staged, usual_port


def stay(choice: Choice) -> int:
    """Run the demo until Ctrl-C; return the exit code."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        with staged(choice, usual_port()) as stage:
            _tell(stage)
            if choice.opens_browser:
                webbrowser.open(stage.homes[0].url)
                webbrowser.open(stage.console_url)
            ended.wait()
            print("\nEnding the demo; nothing of it is kept.")
    except StageError as error:
        print(error)
        return 1
    return 0


def _tell(stage: Stage) -> None:
    print(f"\nConsole       {stage.console_url}    sign in as {stage.operator}, password {stage.password}")
    for home in stage.homes:
        print(f"Virtual home  {home.url}    {home.unit_id}")
    print("\nSign in, press Start shift, then press SOS in the virtual home. Ctrl-C ends the demo.")
    if stage.why_silent:
        print(f"Nobody can speak here: {stage.why_silent}.", flush=True)
    else:
        print("To speak, let both pages use the microphone; wear a headset, or you hear yourself.", flush=True)
