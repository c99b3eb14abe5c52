/* Why a segment was sent, in words: of a RST a row of causes.def, of what is sent again one of
 * resends.def.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TELL_CAUSES_H
#define TCPSTATE_TELL_CAUSES_H

#include "sink.h"
#include "verdict.h"

/* The word of enum cause. */
wording causes_name(unsigned cause);

/* The sentence about the verdict's segment, which is a RST, and the section on which it rests. Its
 * sender is the subject, and not named. */
void causes_text(const struct sink *to, const struct verdict *v);

/* The same of enum resend, for what is sent again. */
wording causes_resend_name(unsigned resend);
void causes_resend_text(const struct sink *to, const struct verdict *v);

#endif
