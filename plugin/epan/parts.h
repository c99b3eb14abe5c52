/* The parts of the plugin that only have to be registered with Wireshark: the views.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PARTS_H
#define TCPSTATE_PARTS_H

void ladder_register(void);      /* -z tcpstate,ladder[,N] */
void list_register(void);        /* -z tcpstate,list[,why][,color][,N][,FILTER] */
void story_register(void);       /* -z tcpstate,story[,N] */
void annotate_register(void);    /* -z tcpstate,annotate,OUT.pcapng[,IN] */
void diagram_register(void);     /* -z tcpstate,diagram,FILE.svg[,N] */
void connections_register(void); /* -z tcpstate,connections, and the same in Statistics */
void stats_register(void);       /* -z tcpstate,tree, and the same in Statistics */
void flow_graph_register(void);  /* -z flow,tcpstate,standard, and the same in Statistics */
void menus_register(void);       /* Tools > TCP State, and Conversation Filter > TCP State */

/* -z tcpstate,segments: what the core is told of each segment, a line for each, so that a capture
 * can be told again without Wireshark (tests/tell), and its text stays at home. */
void segments_register(void);

#endif
