# Plays all cells, a few namespaces at a time. Each is a process's own, so it goes when that goes.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recording the matrix."""

import ctypes
import os
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed

from play import NotThere, play
from situations import SITUATIONS

NAMESPACES = 4  # at the same time
VERSIONS = (4, 6)
TRIES = 4  # a busy machine can spoil the timing of a set-up
PR_SET_PDEATHSIG = 1


def record_all(directory, situations=tuple(SITUATIONS), versions=VERSIONS):
    """Write the captures and truths; returns what went wrong."""
    jobs = [(name, version, directory) for name in situations for version in versions]
    bound = {"initializer": die_with_parent, "initargs": (os.getpid(),)}
    with ProcessPoolExecutor(NAMESPACES, **bound) as pool:
        futures = [pool.submit(attempt, *job) for job in jobs]
        return sorted(filter(None, (future.result() for future in as_completed(futures))))


def die_with_parent(parent):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it has gone meanwhile


def attempt(*job):
    for _ in range(TRIES):
        try:
            play(*job)
            return ""
        except (NotThere, OSError) as error:
            trouble = f"{job[0]}, IPv{job[1]}: {error}"
    return trouble
