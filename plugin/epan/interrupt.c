/* See interrupt.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Left to themselves, some of these signals would end the program with half a file behind it.
 * Others tshark takes as a word to stop reading, and reading is over when files are written:
 * nothing would end a copy to a pipe that nobody reads. */
#include "interrupt.h"

#include <glib.h>
#include <signal.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static struct sigaction usual[G_N_ELEMENTS(signals)];
static volatile sig_atomic_t seen;

static void note(int number)
{
    seen = number;
}

void interrupt_begin(void)
{
    struct sigaction ours = {.sa_handler = note};
    seen = 0;
    sigemptyset(&ours.sa_mask);
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++) {
        sigaction(signals[i], NULL, &usual[i]);
        if (usual[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &ours, NULL);
    }
}

bool interrupt_seen(void)
{
    return seen != 0;
}

void interrupt_end(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaction(signals[i], &usual[i], NULL);
}
