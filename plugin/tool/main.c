/* tcpstate: what tshark's -z tcpstate,... print, without Wireshark.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   input -> reader -> keep -> views -> standard output
 *
 * What the whole capture tells is written when it has been read; live, each piece as it comes. */
#include "annotated.h"
#include "input.h"
#include "live.h"
#include "message.h"
#include "options.h"
#include "progress.h"
#include "sentences.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the views need ---- */

static void *resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size);
    if (!resized)
        DIE(CANNOT_DO, MESSAGE_NO_MEMORY);
    return resized;
}

/* It keeps those away who make captures whose connections all collide. */
static uint64_t random_number(void)
{
    static FILE *source;
    uint64_t number = (uint64_t)(uintptr_t)&source;
    if (!source)
        source = fopen("/dev/urandom", "rb");
    if (source && fread(&number, sizeof number, 1, source) != 1)
        number = (uint64_t)(uintptr_t)source;
    return number;
}

static void check_output(bool is_well)
{
    if (!is_well)
        DIE(CANNOT_DO, MESSAGE_CANNOT_WRITE, strerror(errno));
}

static void print(void *unused, const char *text, size_t length)
{
    (void)unused;
    check_output(fwrite(text, 1, length, stdout) == length);
}

/* ---- reading ---- */

/* What was wrong with one of the captures, and is said; the status it gives. */
static enum status look_at_end(const char *name, const struct input *in,
                               const struct reader_report *report, bool is_read)
{
    if (in->end == INPUT_FAILED) {
        say(MESSAGE_CANNOT_OPEN, name, strerror(errno));
        return CANNOT_READ;
    }
    if (!report->is_capture) {
        say(MESSAGE_NOT_A_CAPTURE, name);
        return CANNOT_READ;
    }
    if (!is_read)
        say(MESSAGE_BROKEN, name, (unsigned long long)report->broken_at);
    else if (in->end == INPUT_CUT_OFF || in->end == INPUT_DAMAGED)
        say(in->end == INPUT_CUT_OFF ? MESSAGE_PACKED_CUT_OFF : MESSAGE_CANNOT_UNPACK, name);
    else if (report->cut_off)
        say(MESSAGE_CUT_OFF, name);
    else
        return WELL;
    return CUT_SHORT;
}

static enum status read_capture(const char *name, struct reader *reader, bool is_live)
{
    struct input in;
    const uint8_t *octets;
    size_t count;
    bool is_read = true;
    if (!input_open(&in, name)) {
        say(MESSAGE_CANNOT_OPEN, name, strerror(errno));
        return CANNOT_READ;
    }
    while (is_read && (count = input_read(&in, &octets)) > 0) {
        is_read = reader_feed(reader, octets, count);
        if (is_live)
            check_output(fflush(stdout) == 0);
        else
            progress_show(name, &in);
    }
    progress_end();
    reader_end(reader);
    const enum status status = look_at_end(name, &in, reader_report(reader), is_read);
    input_close(&in);
    return status;
}

/* All of them, one after the other, and then the reader is gone: the highest status. */
static enum status read_all(const struct options *o, struct reader *reader, bool is_live)
{
    enum status worst = WELL;
    for (char **name = o->captures; *name; name++) {
        const enum status status = read_capture(*name, reader, is_live);
        worst = status > worst ? status : worst;
    }
    const struct reader_report *report = reader_report(reader);
    if (report->unknown_link)
        say(MESSAGE_UNKNOWN_LINK, (unsigned long long)report->unknown_link,
            (unsigned long long)report->frames);
    if (report->given_up)
        say(MESSAGE_GIVEN_UP, (unsigned long long)report->given_up);
    reader_free(reader);
    return worst;
}

/* ---- telling ---- */

/* Does what is read still come? */
static bool comes_live(const struct options *o)
{
    if (o->reading != READING_AS_INPUT || !o->command->begin_live)
        return o->reading == READING_LIVE;
    return input_is_pipe(*o->captures);
}

static struct reader *reader_or_die(void (*tell)(void *, struct reader_packet *), void *context)
{
    struct reader *reader = reader_new(tell, context);
    if (!reader)
        DIE(CANNOT_DO, MESSAGE_NO_MEMORY);
    return reader;
}

static const struct lender lender = {resize, free, random_number};
static const struct sink to = {print, NULL};

/* Each of the three: false where there was nothing to show. */
static bool tell_live(const struct options *o, enum status *status)
{
    static struct live live;
    capture_begin(&lender, &o->rules);
    o->command->begin_live(&live, &o->look, &to, o->rules.two_msl);
    *status = read_all(o, reader_or_die(live_add, &live), true);
    return live_end(&live);
}

static bool tell_passing(const struct options *o, enum status *status)
{
    o->command->begin(&lender, &o->rules, &o->look, &to);
    *status = read_all(o, reader_or_die(passing_add, NULL), false);
    return passing_end();
}

static bool tell_kept(const struct options *o, enum status *status)
{
    capture_begin(&lender, &o->rules);
    *status = read_all(o, reader_or_die(capture_add, NULL), false);
    return o->command->view(&o->look, &to);
}

/* The capture once more, with what the first reading has told. What was wrong with it is said
 * already. */
static bool tell_copy(const struct options *o, enum status *status)
{
    struct input in;
    const uint8_t *octets;
    size_t count;
    capture_begin(&lender, &o->rules);
    *status = read_all(o, reader_or_die(capture_add, NULL), false);
    if (*status == CANNOT_READ || !input_open(&in, *o->captures))
        return false;
    annotated_begin(&to);
    while ((count = input_read(&in, &octets)) > 0 && annotated_feed(octets, count))
        continue;
    input_close(&in);
    if (!annotated_end())
        DIE(CANNOT_READ, MESSAGE_CANNOT_ANNOTATE, *o->captures);
    return true;
}

int main(int argc, char **argv)
{
    const struct options o = options_read(argc, argv);
    enum status status;
    const bool is_shown = o.command->is_copy ? tell_copy(&o, &status)
                          : comes_live(&o)   ? tell_live(&o, &status)
                          : o.command->begin ? tell_passing(&o, &status)
                                             : tell_kept(&o, &status);
    check_output(fflush(stdout) == 0);
    if (is_shown || status >= CANNOT_READ)
        return (int)status;
    if (o.look.wanted >= 0)
        say(MESSAGE_NO_SUCH, (long long)o.look.wanted);
    else
        say(MESSAGE_ANY, phrase(PHRASE_LIST_NOTHING));
    return NOTHING_TO_SHOW;
}
