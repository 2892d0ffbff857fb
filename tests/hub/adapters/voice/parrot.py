"""A child for tests: repeats what it is told, its settings first; ends, is silent or hears nothing when told so."""

import socket
import sys
import time


def main() -> None:
    """Speak until the line closes."""
    line = socket.socket(fileno=0)
    with line.makefile("rb") as heard:
        for said in heard:
            match said.strip():
                case b"end":
                    sys.exit(3)
                case b"be silent" | b"hear nothing":
                    time.sleep(1_000)
                case words:
                    line.sendall(words[:2] + b"")
                    line.sendall(words[2:] + b"\n")


if __name__ == "__main__":
    main()
