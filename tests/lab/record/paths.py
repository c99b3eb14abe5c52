# States that scenarios pass, for their expectations.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Common state sequences and exchanges."""

HANDSHAKE = ">S <SA >A"
CLIENT_CLOSES = ">FA <A <FA >A"
SERVER_CLOSES = "<FA >A >FA <A"

OPENED = "CLOSED SYN_SENT ESTABLISHED"
ACCEPTED = "CLOSED LISTEN SYN_RCVD ESTABLISHED"
CLOSES_FIRST = "FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT"
CLOSES_SECOND = "CLOSE_WAIT LAST_ACK CLOSED"
