# One packet is lost or late, or somebody else puts one on the link.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories with a mishap."""

from ends import wait
from forge import forged
from paths import ACCEPTED, OPENED
from scenarios.forging import framed
from story import AGAIN, ENDS_FIRST, ENDS_SECOND, close_in_turn, opened, story, talk


def lossy(name, towards, letters, text):
    """One packet is lost, once."""

    def play(lab, client, server, port):
        lab.link.lose(towards, letters)
        server.listen()
        client.connect(port)
        wait(AGAIN)
        server.meet()
        client.send(100)
        wait()
        client.close()
        wait(AGAIN)
        server.close()
        wait(AGAIN)

    play.__name__, play.__doc__ = name, text
    story(client=ENDS_FIRST, server=ENDS_SECOND, impaired=True)(play)


lossy("syn_lost", "server", "S", "The SYN is lost on the way.")
lossy("syn_ack_lost", "client", "SA", "The SYN,ACK is lost on the way.")
lossy("handshake_ack_lost", "server", "A", "The handshake's ACK is lost on the way.")
lossy("first_fin_lost", "server", "FA", "The first FIN is lost on the way.")
lossy("second_fin_lost", "client", "FA", "The second FIN is lost on the way.")


@story(client=ENDS_FIRST, server=ENDS_SECOND, impaired=True)
def last_ack_lost(lab, client, server, port):
    """The ACK of the second FIN is lost on the way."""
    opened(client, server, port)
    client.close()
    wait()
    lab.link.lose("server", "A")
    server.close()
    wait(AGAIN)


def forging(name, towards, flags, offset, states, text):
    """A segment in the other end's name, which only its target gets."""

    def play(lab, client, server, port):
        opened(client, server, port)
        talk(client, server)
        sender = "server" if towards == "client" else "client"
        packet = forged(getattr(lab, sender), flags, offset)
        lab.relay.inject(towards, framed(sender, packet))
        wait()
        close_if_open(client, server)

    play.__name__, play.__doc__ = name, text
    story(client=states[0], server=states[1], impaired=True, roles=(towards,))(play)


def close_if_open(client, server):
    for end in (client, server):
        try:
            end.close()
        except RuntimeError:
            pass  # lwIP has no connection any more
        wait()


ANYWAY = (ENDS_FIRST, ENDS_SECOND)
KILLED_SERVER = (f"{OPENED} FIN_WAIT_1 CLOSED", f"{ACCEPTED} CLOSED")
KILLED_CLIENT = (f"{OPENED} CLOSED", f"{ACCEPTED} FIN_WAIT_1 CLOSED")
for target, killed in (("server", KILLED_SERVER), ("client", KILLED_CLIENT)):
    forging(f"rst_exact_to_{target}", target, "R", 0, killed, "A forged RST, its number exact.")
    forging(f"rst_in_window_to_{target}", target, "R", 100, ANYWAY,
            "A forged RST in the window, its number not exact.")
    forging(f"rst_outside_to_{target}", target, "R", -100_000, ANYWAY,
            "A forged RST outside of the window.")
    forging(f"syn_to_{target}", target, "S", 1000, ANYWAY, "A forged SYN in the window.")


@story(impaired=True)
def rst_in_time_wait(lab, client, server, port):
    """An exact RST, forged, comes to the client's TIME_WAIT."""
    opened(client, server, port)
    close_in_turn(client, server)
    lab.relay.inject("client", framed("server", forged(lab.server, "R", 0)))
    wait()


@story(client="CLOSED SYN_SENT CLOSED", server="CLOSED LISTEN SYN_RCVD LISTEN", impaired=True)
def rst_in_syn_rcvd(lab, client, server, port):
    """The client's program has given up when the SYN,ACK, late, arrives: its system resets."""
    lab.link.hold("client", "SA", 0.3)
    server.listen()
    client.connect(port)
    client.vanish()
    wait(1)


@story(impaired=True)
def silence_in_syn_rcvd(lab, client, server, port):
    """The client, with its SYN out, hears nothing, and neither does the server: how long is it
    SYN_RCVD? (lwIP gives up after 20 s.)"""
    server.listen()
    lab.link.cut("client")
    client.connect(port)
    client.vanish()
    wait(25)
