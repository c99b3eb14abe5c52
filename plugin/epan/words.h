/* Verdicts in words: names, moves and findings; what an end waits for is waiting.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WORDS_H
#define TCPSTATE_WORDS_H

#include "fields.h"
#include "verdict.h"

/* Which role has end 0 or 1, and which end has a role. */
enum role words_role(const struct verdict *v, unsigned end);
unsigned words_end(const struct verdict *v, enum role role);

/* "client", "Client"; "syn", "syn-ack", "port", "first"; "legal" ...: constants. */
const char *words_role_name(enum role role);
const char *words_role_title(enum role role);
const char *words_roles_known_by(const struct verdict *v);
const char *words_verdict(const struct verdict *v);

/* True when the headline goes beyond what the end's own segments prove. */
bool words_is_assumed(const struct end_view *end);

/* The rest return strings in `scope`. */

/* FIN_WAIT_2/CLOSE_WAIT */
char *words_states(wmem_allocator_t *scope, const struct verdict *v);
/* client ESTABLISHED->FIN_WAIT_1 */
char *words_transition(wmem_allocator_t *scope, const struct verdict *v, const struct step *step);
/* rcv ACK of FIN (RFC 9293 3.10.7.4 fifth) */
char *words_because(wmem_allocator_t *scope, const struct verdict *v, const struct step *step);
/* Client ESTABLISHED -> FIN_WAIT_1: snd FIN (RFC 9293 3.10.4) */
char *words_moved(wmem_allocator_t *scope, const struct verdict *v, const struct step *step);
/* Client in FIN_WAIT_1: sends data beyond its own FIN; a receiver that has the FIN ignores it (RFC
 * 9293 3.6) */
char *words_finding(wmem_allocator_t *scope, const struct verdict *v, enum check check);
/* Client FIN_WAIT_1 -> FIN_WAIT_2 (assumed): its FIN was acknowledged (RFC 9293 3.10.7.4 fifth). */
char *words_moved_plainly(wmem_allocator_t *scope, const struct verdict *v,
                          const struct step *step);
/* the connection is open ... (ESTABLISHED in RFC 9293, ESTABLISHED in netstat, ESTAB in ss) */
const char *words_meaning(enum state state);
/* probably never arrived, as frame 8 shows */
char *words_fate(wmem_allocator_t *scope, const struct verdict *v);
/* , which arrived */
const char *words_evidence(wmem_allocator_t *scope, const struct verdict *v);
/* <SEQ=SEG.ACK><CTL=RST> (RFC 9293 3.5.2); NULL when nothing is owed */
char *words_owes(wmem_allocator_t *scope, const struct verdict *v);

#endif
