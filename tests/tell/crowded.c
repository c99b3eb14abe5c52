/* The fullest state diagram there can be: both ends have taken every arrow, in frames of many
 * digits, every state has findings, and the addresses are long. Nothing may touch (pictures.py).
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * crowded STATE: and both end in this one, by its number. crowded 0: the same without findings. */
#include "diagram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 60, FIRST_FRAME = 1234567, MOVES_MAX = TIMES * STATE_COUNT * SIGNAL_COUNT };
static struct move moves[MOVES_MAX];
static struct callout callouts[STATE_COUNT * CHECK_COUNT];

static void print(void *file, const char *text, size_t length)
{
    fwrite(text, 1, length, file);
}

static void take(struct tour *t, const struct arrow *a, uint8_t from)
{
    const uint8_t to = (uint8_t)state_number(a->to);
    for (uint8_t role = 0; role < ROLE_COUNT && a->whose != UNSEEN; role++)
        if (t->moves < MOVES_MAX)
            moves[t->moves++] =
                (struct move){FIRST_FRAME + t->moves, role, from, to, (uint8_t)a->signal, NULL};
}

static void take_all(struct tour *t)
{
    for (unsigned i = 0; fsm_row(i); i++)
        for (uint8_t from = STATE_CLOSED; from < STATE_COUNT; from++)
            if (fsm_row(i)->to != SAME && fsm_row(i)->from & (1u << from))
                take(t, fsm_row(i), from);
}

static void find_all(struct tour *t)
{
    for (unsigned i = 0; i < 8 * STATE_COUNT; i++) {
        callouts[t->callouts] =
            (struct callout){FIRST_FRAME, (uint8_t)(STATE_CLOSED + i / 8), i % 2};
        if (t->callouts < TOUR_CALLOUTS_TOLD)
            memset(t->told[t->callouts], 'x', 3 * (i + 1));
        t->callouts++;
    }
}

int main(int argc, char **argv)
{
    static struct tour t = {.is_begun = true,
                            .number = 9999998,
                            .connections = 9999999,
                            .move = moves,
                            .callout = callouts};
    const struct sink to = {print, stdout};
    const long last = argc == 2 ? strtol(argv[1], NULL, 10) : STATE_CLOSED;
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        strcpy(t.socket[role], "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff port 65535");
        t.last[role] = (uint8_t)last;
    }
    for (unsigned i = 0; i < TIMES; i++)
        take_all(&t);
    if (last)
        find_all(&t);
    diagram_draw(&to, &t);
    return 0;
}
