/* The Flow Graph: the ladder as Wireshark draws it, with both states beside each arrow.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FLOW_GRAPH_H
#define TCPSTATE_FLOW_GRAPH_H

/* Registers `-z flow,tcpstate,standard` and "TCP States" in Statistics > Flow Graph. */
void flow_graph_register(void);

#endif
