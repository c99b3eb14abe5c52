# May this process record? What recording will do is tried once, before anything else, so that a
# machine, a container or a user without the rights for it gets one line and not sixty.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The rights that recording needs."""

import os
import shutil
import subprocess
from pathlib import Path

from ringbuffer import TRACEFS, Unavailable, mount_tracefs

TUN = Path("/dev/net/tun")
SETTINGS = Path("/proc/sys/net/ipv4/tcp_fin_timeout")


def ask_for_rights(tracing=True):
    """Raises Unavailable, with the first reason why nothing can be recorded here."""
    if os.geteuid() != 0:
        raise Unavailable("namespaces and tracing need root")
    if not shutil.which("ip"):
        raise Unavailable("not installed: iproute2")
    if not TUN.exists():
        raise Unavailable(f"the kernel has no {TUN}")
    try_namespace(f"tcpstate-{os.getpid()}-rights")
    if not os.access(SETTINGS, os.W_OK):
        raise Unavailable(f"{SETTINGS.parent} is read-only")
    if tracing:
        mount_tracefs()
        try_tracing(TRACEFS / "instances" / f"tcpstate-{os.getpid()}-rights")


def try_namespace(name):
    try:
        must("ip", "netns", "add", name)
        must("ip", "-n", name, "tuntap", "add", "mode", "tap", "name", "rights")
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
        Path("/run/netns", name).unlink(missing_ok=True)


def try_tracing(instance):
    try:
        instance.mkdir()
        instance.rmdir()
    except OSError as error:
        raise Unavailable(f"tracing is not allowed: {error.strerror}") from error


def must(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = done.stderr.strip().partition("\n")[0]
        raise Unavailable(f"network namespaces are not allowed ({' '.join(command[:3])}: {why})")
