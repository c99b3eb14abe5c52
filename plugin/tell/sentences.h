/* The sentences of sentences.def as functions: say_ended(sink, who, state, ended) and so on.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_SENTENCES_H
#define TCPSTATE_SENTENCES_H

#include "number.h"
#include "sink.h"

enum phrase {
#define PHRASE(id, text) PHRASE_##id,
#include "sentences.def"
    PHRASE_COUNT
};

/* The phrase as it stands: a constant. */
wording phrase(enum phrase id);

#define SINK_AND(...) (const struct sink *sink, __VA_ARGS__)
#define SENTENCE(id, needs, ...)                                                                   \
    static inline void say_##id SINK_AND needs                                                     \
    {                                                                                              \
        SAY(sink, __VA_ARGS__);                                                                    \
    }
#include "sentences.def"

#endif
