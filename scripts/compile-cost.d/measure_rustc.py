#!/usr/bin/env python3
"""Runs rustc, as the wrapper that cargo calls, and adds a line to a file: the crate and the processor time in seconds."""

import os
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
if "--crate-name" in sys.argv:
    crate = sys.argv[sys.argv.index("--crate-name") + 1]
    with open(os.environ["RUSTC_TIMES"], "a") as file:
        file.write(f"{crate} {usage.ru_utime + usage.ru_stime}\n")
sys.exit(status)
