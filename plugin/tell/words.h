/* Verdicts in words: names, moves and findings; what an end waits for is waiting.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WORDS_H
#define TCPSTATE_WORDS_H

#include "sink.h"
#include "verdict.h"

/* The two ends as users see them. */
enum role { ROLE_CLIENT, ROLE_SERVER, ROLE_COUNT };

/* Which role has end 0 or 1, and which end has a role. */
enum role words_role(const struct verdict *v, unsigned end);
unsigned words_end(const struct verdict *v, enum role role);

/* "client", "Client"; "syn", "syn-ack", "port", "first"; "legal" ...: constants. */
wording words_role_name(enum role role);
wording words_role_title(enum role role);
wording words_roles_known_by(const struct verdict *v);
/* "the client is known by its SYN" */
wording words_roles_told(const struct verdict *v);
wording words_verdict(unsigned class);
/* "not_its_own" */
wording words_fate_name(unsigned fate);

/* "rcv FIN"; a RST is one, whatever the note at its arrow says. */
wording words_signal(unsigned signal);

/* True when the headline goes beyond what the end's own segments prove; and words for that: "?" and
 * " (assumed)", or nothing. */
bool words_is_assumed(const struct end_view *end);
wording words_mark(const struct end_view *end);
wording words_assumed(const struct end_view *end);

/* Has an end taken a step? */
bool words_has_moved(const struct verdict *v, unsigned end);

/* FIN_WAIT_2? */
void words_state(const struct sink *to, const struct end_view *end);
/* *FIN_WAIT_2? : with a mark where the segment moved it, and one where it is assumed */
void words_marked(const struct sink *to, const struct verdict *v, unsigned end);
/* FIN_WAIT_1, CLOSING */
void words_set(const struct sink *to, state_set set);
/* FIN_WAIT_2/CLOSE_WAIT */
void words_states(const struct sink *to, const struct verdict *v);
/* client ESTABLISHED->FIN_WAIT_1 */
void words_transition(const struct sink *to, const struct verdict *v, const struct step *step);
/* Is the step a RST in reply? Then it is no ABORT: who sends it has no connection, whatever was
 * believed of it. */
bool words_is_reply(const struct verdict *v, const struct step *step);
/* rcv ACK of FIN (RFC 9293 3.10.7.4 step 5) */
void words_because(const struct sink *to, const struct verdict *v, const struct step *step);
/* Client ESTABLISHED -> FIN_WAIT_1: snd FIN (RFC 9293 3.10.4); what stands behind the colon is
 * `because`. */
void words_moved(const struct sink *to, const struct verdict *v, const struct step *step,
                 wording because);
/* The state in which a segment was sent: where the evidence that it carries leaves its sender. */
unsigned words_sent_in(const struct verdict *v);
/* Client in FIN_WAIT_1: sends data beyond its own FIN; a receiver that has the FIN ignores it (RFC
 * 9293 3.6) */
void words_finding(const struct sink *to, const struct verdict *v, enum check check);
/* The part of it that says what was found, which may depend on what the segment did; and the whole
 * of it, for who keeps that with the state in which the segment was sent. */
wording words_found(const struct verdict *v, enum check check);
void words_say_found(const struct sink *to, wording who, unsigned state, enum check check,
                     wording found, wording times);
/* Of whom that is said: "Client", or "Somebody in the client's name". */
wording words_found_of(enum role role, bool is_foreign);
/* Did somebody else send it for certain, and does another finding say so? Then no state is told. */
bool words_is_foreign(const struct verdict *v, enum check check);
/* the connection is open ... (ESTABLISHED in RFC 9293, ESTABLISHED in netstat, ESTAB in ss) */
wording words_meaning(enum state state);
/* probably never arrived, as frame 8 shows */
void words_fate(const struct sink *to, const struct verdict *v);
/* (lost?, see 8), where that is not sure */
void words_fate_mark(const struct sink *to, const struct verdict *v, wording fate);
/* Shows that frame 1 arrived */
void words_evidence(const struct sink *to, const struct verdict *v);
/* Does it say no more of the frame that it answers than that it arrived? */
bool words_is_plain_reply(const struct verdict *v);
/* <SEQ=SEG.ACK><CTL=RST> (RFC 9293 3.5.2); nothing when nothing is owed */
void words_owes(const struct sink *to, const struct verdict *v);

#endif
