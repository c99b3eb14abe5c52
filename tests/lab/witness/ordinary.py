# Openings, closings and silences that nothing disturbs.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories without a mishap."""

from ends import wait
from kerneltrace import PORT
from paths import ACCEPTED, CLOSES_FIRST, CLOSES_SECOND, OPENED
from scenarios.common import FAR
from story import AGAIN, ENDS_FIRST, ENDS_SECOND, close_in_turn, opened, story, talk


@story(client=ENDS_FIRST, server=ENDS_SECOND)
def client_closes_first(lab, client, server, port):
    """An ordinary connection; the client closes first."""
    opened(client, server, port)
    talk(client, server)
    close_in_turn(client, server)


@story(client=f"{OPENED} {CLOSES_SECOND}", server=f"{ACCEPTED} {CLOSES_FIRST}")
def server_closes_first(lab, client, server, port):
    """An ordinary connection; the server closes first."""
    opened(client, server, port)
    talk(client, server)
    close_in_turn(server, client)


@story(client=rf"{OPENED} FIN_WAIT_1 (FIN_WAIT_2 )?TIME_WAIT", server=ENDS_SECOND)
def fin_answered_by_fin(lab, client, server, port):
    """The server closes so fast that, on Linux, its FIN carries the ACK of the client's FIN: the
    client has two reasons to move, in one segment."""
    opened(client, server, port)
    talk(client, server)
    client.close()
    wait(0.01)
    server.close()
    wait()


@story(client=ENDS_FIRST, server=ENDS_SECOND)
def half_close(lab, client, server, port):
    """The client has said all it wants to, and reads on; the server sends more, closes later."""
    opened(client, server, port)
    client.send(100)
    client.shut()
    wait()
    server.send(300)
    server.send(300)
    wait()
    server.close()
    wait()


@story(client=f"{OPENED} FIN_WAIT_1 CLOSING TIME_WAIT",
       server=f"{ACCEPTED} FIN_WAIT_1 CLOSING TIME_WAIT", delay=FAR)
def simultaneous_close(lab, client, server, port):
    """Both close at the same moment, and their FINs cross."""
    opened(client, server, port)
    client.close()
    server.close()
    wait()


@story(client="CLOSED SYN_SENT CLOSED", server="CLOSED")
def refused(lab, client, server, port):
    """Nobody listens."""
    client.connect(port)
    wait()


@story(client=f"{OPENED} CLOSED", server=f"{ACCEPTED} CLOSED")
def client_aborts(lab, client, server, port):
    """The client ends the connection with a RST."""
    opened(client, server, port)
    talk(client, server)
    client.abort()
    wait()


@story(client=f"{OPENED} CLOSED", server=f"{ACCEPTED} CLOSED")
def closed_with_data_unread(lab, client, server, port):
    """The server closes without having read what the client sent: a RST tells so."""
    opened(client, server, port)
    server.hold(True)
    client.send(1000)
    wait()
    server.close()
    wait()


@story(client=f"{OPENED} CLOSE_WAIT CLOSED", server=f"{ACCEPTED} FIN_WAIT_1 FIN_WAIT_2 CLOSED")
def data_to_the_closed(lab, client, server, port):
    """The server has closed for good, and the client goes on sending: RST."""
    opened(client, server, port)
    server.close()
    wait()
    client.send(100)
    wait()


@story(client=ENDS_FIRST, server=ENDS_SECOND)
def zero_window(lab, client, server, port):
    """The server does not read for a while: its window closes, the client probes it."""
    server.listen(small=True)
    client.connect(port)
    wait()
    server.meet()
    server.hold(True)
    for _ in range(5):
        client.send(20000)
    wait(6)
    for _ in range(100):
        server.hold(False)
        wait(0.1)
    close_in_turn(client, server)


@story(client=f"{OPENED} CLOSED SYN_SENT ESTABLISHED {CLOSES_FIRST}",
       server=f"{ACCEPTED} CLOSED SYN_RCVD ESTABLISHED {CLOSES_SECOND}")
def half_open(lab, client, server, port):
    """The client forgets the connection without a packet, and opens it again from the same port:
    the server answers the SYN with an ACK, is reset, and the next SYN opens."""
    opened(client, server, port)
    talk(client, server)
    client.vanish()
    client.connect(port)
    wait(AGAIN)
    server.meet()
    talk(client, server)
    close_in_turn(client, server)


@story()
def time_wait_reuse(lab, client, server, port):
    """The client opens the same pair of ports again while the server is in TIME_WAIT."""
    opened(client, server, port)
    talk(client, server)
    close_in_turn(server, client)
    client.connect(port)
    wait(AGAIN)


@story(client="CLOSED SYN_SENT (SYN_RCVD )?ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
       server="CLOSED SYN_SENT (SYN_RCVD )?ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
       delay=FAR, roles=("client",))
def simultaneous_open(lab, client, server, port):
    """Both connect to each other at the same moment, and their SYNs cross."""
    server.sock = server.host.socket(PORT)
    server.sock.setblocking(False)
    client.order("connect", port, PORT)
    server.sock.connect_ex((str(lab.client.address), port))
    wait(AGAIN)
    server.send(100)
    wait()
    close_in_turn(server, client)


@story()
def second_fin_never_comes(lab, client, server, port):
    """The client has closed; the server never does: how long is it FIN_WAIT_2?"""
    opened(client, server, port)
    client.close()
    wait(25)


@story(slow=True)
def time_wait_expires(lab, client, server, port):
    """How long is the client TIME_WAIT?"""
    opened(client, server, port)
    close_in_turn(client, server)
    wait(130)
