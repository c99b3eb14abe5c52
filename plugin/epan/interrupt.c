/* See interrupt.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Left to themselves, some of these signals would end the program with half a file behind it.
 * Others tshark takes as a word to stop reading, and reading is over when files are written:
 * nothing would end a copy to a pipe that nobody reads. */
#include "interrupt.h"

#include <glib.h>
#include <signal.h>

static volatile sig_atomic_t seen;

static void note(int number)
{
    seen = number;
}

#ifdef _WIN32
static const int signals[] = {SIGINT, SIGTERM};
static void (*usual[G_N_ELEMENTS(signals)])(int);

static void take(unsigned i)
{
    usual[i] = signal(signals[i], note);
    if (usual[i] == SIG_IGN)
        signal(signals[i], SIG_IGN);
}

static void give_back(unsigned i)
{
    signal(signals[i], usual[i]);
}
#else
static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static struct sigaction usual[G_N_ELEMENTS(signals)];

static void take(unsigned i)
{
    struct sigaction ours = {.sa_handler = note};
    sigemptyset(&ours.sa_mask);
    sigaction(signals[i], NULL, &usual[i]);
    if (usual[i].sa_handler != SIG_IGN)
        sigaction(signals[i], &ours, NULL);
}

static void give_back(unsigned i)
{
    sigaction(signals[i], &usual[i], NULL);
}
#endif

void interrupt_begin(void)
{
    seen = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        take(i);
}

bool interrupt_seen(void)
{
    return seen != 0;
}

void interrupt_end(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
        give_back(i);
}
