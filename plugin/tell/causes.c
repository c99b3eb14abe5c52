/* See causes.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include "number.h"
#include "sentences.h"

wording causes_name(unsigned cause)
{
    static const wording names[CAUSE_COUNT] = {
#define CAUSE(id, sentence, cite, reasons) #id,
#include "tables/causes.def"
#undef CAUSE
    };
    return names[cause];
}

void causes_text(const struct sink *to, const struct verdict *v)
{
    struct draft named;
    if (v->cause_frame)
        say_frame(draft_begin(&named), v->cause_frame);
    const wording frame = v->cause_frame ? named.text : phrase(PHRASE_EARLIER_SEGMENT);
    switch ((enum cause)v->cause) {
#define PIECES(...) __VA_ARGS__
#define CAUSE(id, sentence, cite, reasons)                                                         \
    case CAUSE_##id:                                                                               \
        SAY(to, PIECES sentence, " (" cite ")");                                                   \
        break;
#include "tables/causes.def"
#undef CAUSE
#undef PIECES
    case CAUSE_COUNT:
        break;
    }
}

static const struct {
    wording name, sentence, cite;
} resends[RESEND_COUNT] = {
#define RESEND(id, sentence, cite, states) {#id, sentence, cite},
#include "tables/resends.def"
};

wording causes_resend_name(unsigned resend)
{
    return resends[resend].name;
}

void causes_resend_text(const struct sink *to, const struct verdict *v)
{
    SAY(to, resends[v->resend].sentence, " (", resends[v->resend].cite, ")");
}
