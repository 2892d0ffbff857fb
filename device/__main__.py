"""`python -m device`: the same as `poga-device`."""

import sys

from device.cli import main

if __name__ == "__main__":
    sys.exit(main())
