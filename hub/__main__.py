"""`python -m hub` is `poga-hub`."""

import sys

from hub.cli import main

sys.exit(main())
