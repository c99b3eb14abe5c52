# The list of captures: decorators that file a function under its name, with its story.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario is, and what a made-up capture is."""

import inspect
from dataclasses import dataclass
from typing import Callable

import pcapng

SCENARIOS = {}
CRAFTED = {}


@dataclass(frozen=True)
class Scenario:
    """`client`, `server` and `wire` are regular expressions for what must have happened: the
    states of either end, and the segments as the capture shows them (`>S <SA >A`). Where `play`
    makes several connections, it returns the client's port of the one that it is about. Impaired
    is what a packet was lost, moved, doubled or forged in."""

    name: str
    story: str
    play: Callable
    client: str
    server: str
    wire: str = ".*"
    vantage: str = "client"
    ip_version: int = 4
    delay: float = None  # seconds each way; None: a plain cable
    impaired: bool = False
    elsewhere: bool = True  # does the other host's capture show anything?


def scenario(**expected):
    """File the decorated function under its name; its docstring is the story for people."""

    def file(play):
        name, story = title(play)
        SCENARIOS[name] = Scenario(name, story, play, **expected)
        return play

    return file


@dataclass(frozen=True)
class Crafted:
    """A capture that `make` makes up: no kernel took part."""

    name: str
    story: str
    make: Callable
    link: int = pcapng.ETHERNET
    snaplen: int = pcapng.NO_LIMIT


def crafted(**how):
    """As `scenario`, for made-up captures."""

    def file(make):
        name, story = title(make)
        CRAFTED[name] = Crafted(name, story, make, **how)
        return make

    return file


def title(function):
    return function.__name__.replace("_", "-"), " ".join(inspect.getdoc(function).split())
