# Captures of what no kernel will send, or that come in wrappings a lab does not have. All are
# made up with Scapy; there is no truth beside them.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Made-up captures. Each function returns frames, pairs of (nanoseconds, bytes)."""

import struct

from scapy.layers.inet import ICMP, IP, UDP, fragment
from scapy.layers.l2 import GRE, CookedLinux, Dot1AD, Dot1Q, Loopback
from scapy.layers.vxlan import VXLAN

import pcapng
from catalogue import crafted
from dialogue import ADDRESS, OTHER, Dialogue, ethernet

ETHERNET_IP_TCP = 14 + 20 + 20


# -- what nobody may send ------------------------------------------------------------------------


@crafted()
def syn_fin():
    """A segment with SYN and FIN, to which nobody answers, then an ordinary opening."""
    talk = Dialogue()
    talk.client("SF", seq=500)
    talk.client("S", seq=1000)
    talk.server("SA")
    talk.client("A")
    return talk.frames


@crafted()
def syn_rst():
    """A segment with SYN and RST, to which nobody answers, then an ordinary opening."""
    talk = Dialogue()
    talk.client("SR", seq=500)
    talk.client("S", seq=1000)
    talk.server("SA")
    talk.client("A")
    return talk.frames


@crafted()
def xmas():
    """A "Christmas tree": FIN, PSH and URG without ACK, to a closed port, which resets."""
    talk = Dialogue()
    talk.client("FPU")
    talk.server("RA", seq=0)
    return talk.frames


@crafted()
def null_flags():
    """A segment without any flag amid an ordinary connection."""
    talk = Dialogue()
    talk.open()
    talk.client("")
    talk.talk()
    talk.close()
    return talk.frames


@crafted()
def data_after_fin():
    """The client has sent its FIN, and sends data beyond it."""
    talk = Dialogue()
    talk.open()
    talk.client("FA")
    talk.server("A")
    acknowledged = talk.next["client"]
    talk.client("PA", b"one more thing")
    talk.server("A", ack=acknowledged)
    return talk.frames


@crafted()
def fin_moved():
    """The client sends its FIN again, 20 bytes later in the stream than before."""
    talk = Dialogue()
    talk.open()
    talk.client("FA")
    talk.client("FA", b"where was I? Ah, yes", seq=1001)
    return talk.frames


@crafted()
def ack_of_unsent_data():
    """The client acknowledges 1000 bytes that the server has never sent; the server says so."""
    talk = Dialogue()
    talk.open()
    talk.talk()
    talk.client("A", ack=talk.next["server"] + 1000)
    talk.server("A")
    talk.close()
    return talk.frames


@crafted()
def data_before_established():
    """The server sends data right after its SYN,ACK, before the client's ACK, without Fast Open."""
    talk = Dialogue()
    talk.client("S")
    talk.server("SA")
    talk.server("PA", b"too early")
    talk.client("A")
    talk.close()
    return talk.frames


@crafted()
def checksum_error():
    """A data segment with a wrong TCP checksum, which nobody acknowledges, and then again with
    the right one."""
    talk = Dialogue()
    talk.open()
    start = talk.next["client"]
    talk.client("PA", b"a request", chksum=0xBAD)
    talk.client("PA", b"a request", seq=start)
    talk.server("A")
    talk.close()
    return talk.frames


# -- captures that are not whole -------------------------------------------------------------------


@crafted()
def sequence_wrap():
    """An ordinary connection whose sequence numbers pass 2^32 on both sides."""
    return Dialogue(isn={"client": 2**32 - 4, "server": 2**32 - 1}).ordinary()


@crafted()
def started_midstream():
    """An ordinary connection, captured only from its first data segment on."""
    return Dialogue().ordinary()[3:]


@crafted()
def one_direction_only():
    """An ordinary connection of which only the client's segments were captured."""
    client = bytes(ethernet("client"))[:12]
    return [(time, frame) for time, frame in Dialogue().ordinary() if frame.startswith(client)]


@crafted(snaplen=ETHERNET_IP_TCP - 7)
def cut_inside_header():
    """An ordinary connection, every packet cut within the TCP header, in front of the flags."""
    return Dialogue().ordinary()


@crafted(snaplen=ETHERNET_IP_TCP)
def cut_after_header():
    """An ordinary connection, every packet cut after the TCP header."""
    return Dialogue().ordinary()


@crafted()
def fragmented_segment():
    """An ordinary connection, one data segment of which arrives in three IP fragments."""
    talk = Dialogue()
    talk.open()
    for part in fragment(talk.segment("client", "PA", b"a request in three parts" * 4), 40):
        talk.put("client", part)
    talk.server("A")
    talk.close()
    return talk.frames


@crafted()
def icmp_quotes_header():
    """A SYN is answered by an ICMP error (port unreachable) that quotes its TCP header; the quote
    is not a segment."""
    talk = Dialogue()
    syn = talk.segment("client", "S")
    talk.put("client", syn)
    error = ICMP(type="dest-unreach", code="port-unreachable") / IP(bytes(syn))
    talk.put("server", IP(src=ADDRESS["server"], dst=ADDRESS["client"], id=1) / error)
    return talk.frames


# -- links and tunnels -----------------------------------------------------------------------------


@crafted()
def vlan():
    """An ordinary connection in a VLAN (802.1Q)."""
    return Dialogue(lambda sender: ethernet(sender) / Dot1Q(vlan=42)).ordinary()


@crafted()
def qinq():
    """An ordinary connection in a VLAN within a VLAN (802.1ad)."""
    return Dialogue(lambda sender: ethernet(sender) / Dot1AD(vlan=7) / Dot1Q(vlan=42)).ordinary()


@crafted(link=pcapng.NULL)
def loopback_null():
    """An ordinary connection on a BSD loopback interface (DLT_NULL)."""
    return Dialogue(lambda sender: Loopback(type=2)).ordinary()


@crafted(link=pcapng.LINUX_SLL)
def cooked():
    """An ordinary connection, captured on Linux's "any" interface (cooked, SLL)."""
    incoming, outgoing = 0, 4
    packet_type = {"client": outgoing, "server": incoming}
    return Dialogue(lambda sender: CookedLinux(pkttype=packet_type[sender], src=b"\2")).ordinary()


def outer(sender):
    """The IP header of a tunnel between two routers."""
    ends = {"client": "198.51.100.1", "server": "198.51.100.2"}
    return ethernet(sender) / IP(src=ends[sender], dst=ends[OTHER[sender]], id=1)


@crafted()
def tunnel_ipip():
    """An ordinary connection in an IP-in-IP tunnel."""
    return Dialogue(outer).ordinary()


@crafted()
def tunnel_gre():
    """An ordinary connection in a GRE tunnel."""
    return Dialogue(lambda sender: outer(sender) / GRE()).ordinary()


@crafted()
def tunnel_vxlan():
    """An ordinary connection in a VXLAN tunnel."""

    def link(sender):
        udp = UDP(sport=49152, dport=4789, chksum=0)
        return outer(sender) / udp / VXLAN(vni=42, flags="Instance") / ethernet(sender)

    return Dialogue(link).ordinary()


@crafted()
def tcp_in_tcp():
    """Frames with several TCP headers each: a connection carries another one inside, as the remote
    capture protocol (rpcap, port 2002) does. The last data segment holds two inner segments."""
    inner = [frame for _, frame in Dialogue().ordinary()]
    talk = Dialogue()
    talk.port["server"] = RPCAP_PORT
    talk.open()
    talk.client("PA", rpcap(RPCAP_OPEN, b""))
    talk.server("PA", rpcap(RPCAP_OPEN | RPCAP_REPLY, struct.pack("!II", pcapng.ETHERNET, 0)))
    messages = [rpcap_packet(number, frame) for number, frame in enumerate(inner, 1)]
    for message in [*messages[:-2], messages[-2] + messages[-1]]:
        talk.server("PA", message)
        talk.client("A")
    talk.close()
    return talk.frames


RPCAP_PORT = 2002
RPCAP_OPEN, RPCAP_PACKET, RPCAP_REPLY = 3, 7, 128


def rpcap(kind, body):
    return struct.pack("!BBHI", 0, kind, 0, len(body)) + body


def rpcap_packet(number, frame):
    head = struct.pack("!IIIII", 1_767_225_600, number, len(frame), len(frame), number)
    return rpcap(RPCAP_PACKET, head + frame)
