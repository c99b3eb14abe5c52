# What a host must have before anything can be recorded on it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""May one record here?"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from ringbuffer import Unavailable, mount_tracefs


def require_what_recording_needs():
    if os.geteuid() != 0:
        raise Unavailable("namespaces and tracing need root")
    missing = [program for program in ("ip", "nft") if not shutil.which(program)]
    missing += [] if find_spec("scapy") else ["python3-scapy"]
    if missing:
        raise Unavailable(f"not installed: {', '.join(missing)}")
    if not Path("/dev/net/tun").exists():
        raise Unavailable("the kernel has no /dev/net/tun")
    mount_tracefs()
