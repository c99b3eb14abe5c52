# What a story is: a scenario that is played with lwIP as the client and again as the server.
# `client` and `server` are what the states of either end must become (regular expressions),
# whichever stack it has.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The list of stories, and their usual steps."""

import inspect
from dataclasses import dataclass

from catalogue import Scenario
from ends import wait
from paths import ACCEPTED, CLOSES_FIRST, CLOSES_SECOND, OPENED
from scenarios.common import NEAR

STORIES = {}  # by name
ROLES = ("client", "server")
AGAIN = 4.5  # seconds: lwIP's first retransmission comes after 3
ENDS_FIRST = rf"{OPENED} {CLOSES_FIRST}"
ENDS_SECOND = rf"{ACCEPTED} {CLOSES_SECOND}"


@dataclass(frozen=True)
class Story:
    """A scenario without its roles."""

    play: object
    client: str = ".*"
    server: str = ".*"
    delay: float = NEAR
    impaired: bool = False
    slow: bool = False
    roles: tuple = ROLES

    @property
    def name(self):
        return self.play.__name__.replace("_", "-")

    def scenario(self, role, ip_version):
        """As tests/lab/record has it, lwIP being the `role`."""
        story = " ".join(inspect.getdoc(self.play).split())
        return Scenario(
            f"{self.name}-lwip-{role}", f"lwIP is the {role}. {story}", self.play,
            self.client, self.server, vantage=role, ip_version=ip_version, delay=self.delay,
            impaired=self.impaired,
        )


def story(**how):
    def file(play):
        filed = Story(play, **how)
        STORIES[filed.name] = filed
        return play

    return file


def opened(client, server, port):
    server.listen()
    client.connect(port)
    wait()
    server.meet()


def talk(client, server):
    client.send(100)
    wait()
    server.send(200)
    wait()


def close_in_turn(first, second):
    first.close()
    wait()
    second.close()
    wait()
