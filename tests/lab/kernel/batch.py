# Records many scenarios at the same time: they mostly wait. Each worker is a process with a network
# of its own, so that no trace mixes two of them up.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recording in parallel."""

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections import namedtuple
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path

RECORD = Path(__file__).resolve().parent.parent / "record"
sys.path.insert(0, str(RECORD))

from catalogue import SCENARIOS
from crowd import record_crowd
from lab import undisturbed
from programs import program
from recorder import ROLES, NotAsNamed, record
from ringbuffer import TRACEFS, Unavailable
from steady import StoodStill

# Not the exercises: their netcat listens on every address, and so in every trace.
MODULES = ["questions", "life", "losses"]
MODULES += [f"scenarios.{name}" for name in ("opening", "closing", "losing", "forging", "reusing")]
WORKERS = 12
CROWD = 50  # random connections that are played together
SLOW = ["time-wait-expires"]  # a minute; best begun first
TRIES = 4  # a busy machine can spoil the timing that a scenario is named after
LEFT_OUT = 0.1  # of the jobs, at most, because the machine stood still each time
TROUBLES = (NotAsNamed, StoodStill, OSError, RuntimeError, StopIteration, subprocess.CalledProcessError)

Trouble = namedtuple("Trouble", "text stood_still")

number = 0  # of this worker's network


@dataclass(frozen=True)
class Named:
    """A scenario of the catalogue, over one version of IP."""

    name: str
    ip_version: int

    def __str__(self):
        return f"{self.name}-ipv{self.ip_version}"

    def record(self, directory):
        scenario = replace(SCENARIOS[self.name], name=str(self), ip_version=self.ip_version)
        record(scenario, ROLES, directory, number)


@dataclass(frozen=True)
class Crowd:
    """Random programs, played together."""

    programs: tuple

    def __str__(self):
        return f"random programs from seed {self.programs[0].seed} on"

    def record(self, directory):
        record_crowd(self.programs, number, directory)


def crowds(seeds):
    """The seeds' programs, those that may be played together in a crowd each."""
    programs = sorted(map(program, seeds), key=lambda each: each.kind)
    for _, alike in groupby(programs, lambda each: each.kind):
        while crowd := tuple(islice(alike, CROWD)):
            yield Crowd(crowd)


for module in MODULES:
    importlib.import_module(module)  # files its scenarios in the catalogue


def begin_worker(numbers):
    global number
    number = numbers.get()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))


def attempt(job, directory):
    """Returns what went wrong, a Trouble, or None. A worker that is told to end does so here, once the
    laboratory is down: as an exception, its pool would take the end for a result, and wait for the
    worker for ever."""
    for _ in range(TRIES):
        try:
            job.record(directory)
            return None
        except TROUBLES as error:
            trouble = Trouble(f"{job}: {error or repr(error)}", isinstance(error, StoodStill))
        except SystemExit:
            os._exit(1)
    return trouble


def record_all(jobs, directory, progress=lambda done: None):
    """Record all jobs, and return what went wrong with some, as texts. Raises Unavailable where the
    machine does not keep its pace."""
    numbers = multiprocessing.Queue()
    for each in range(1, WORKERS + 1):
        numbers.put(each)
    pool = ProcessPoolExecutor(WORKERS, initializer=begin_worker, initargs=(numbers,))
    workers = []
    try:
        futures = [pool.submit(attempt, job, directory) for job in jobs]
        workers = multiprocessing.active_children()
        troubles = []
        for future in as_completed(futures):
            troubles.append(future.result())
            progress(len(troubles))
        return without_excuse(sorted(filter(None, troubles)), len(jobs))
    except BaseException:
        for worker in workers:
            worker.terminate()  # each takes its laboratory down, and comes to an end
        raise
    finally:
        with undisturbed():
            pool.shutdown(cancel_futures=True)
            for worker in workers:
                clean_up_after(worker.pid)


def without_excuse(troubles, jobs):
    """The texts of those that are not the machine's fault; of the others, that they are left out."""
    excused = [each.text for each in troubles if each.stood_still]
    if len(excused) > LEFT_OUT * jobs:
        raise Unavailable(f"the machine stood still in {len(excused)} of {jobs} recordings")
    for text in excused:
        print(f"LEFT OUT {text}")
    return [each.text for each in troubles if not each.stood_still]


def clean_up_after(worker):
    """Whatever a worker that was killed has left behind."""
    for role in ROLES:
        if Path(f"/run/netns/tcpstate-{worker}-{role}").exists():
            subprocess.run(["ip", "netns", "delete", f"tcpstate-{worker}-{role}"], check=False)
    trace = TRACEFS / "instances" / f"tcpstate-{worker}"
    if trace.is_dir():
        trace.rmdir()
