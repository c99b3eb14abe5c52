# SPDX-License-Identifier: GPL-2.0-or-later
"""What recording needs of the machine."""

import shutil
from importlib.util import find_spec

from rights import ask_for_rights
from ringbuffer import Unavailable


def require_what_recording_needs():
    missing = [program for program in ("ip", "nft") if not shutil.which(program)]
    missing += [] if find_spec("scapy") else ["python3-scapy"]
    if missing:
        raise Unavailable(f"not installed: {', '.join(missing)}")
    ask_for_rights()
