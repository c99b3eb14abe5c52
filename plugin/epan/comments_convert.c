/* Any file that Wireshark reads, written as pcapng with comments added to packets.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For formats that have no comments, such as pcap. They have no name resolution blocks and the like
 * either, so Wireshark's own reader and writer lose nothing. */
#include "comments.h"

#include "compat.h"
#include "original.h"
#include "outfile.h"
#include "paper.h"
#include "sentences.h"

#include <wiretap/wtap.h>

struct conversion {
    wtap *from;
    wtap_dumper *to;
    struct outfile *file; /* of the dumper */
    struct comments *comments;
    int why; /* an errno, if positive */
    char *detail;
};

static bool add_interfaces(struct conversion *c)
{
    wtap_block_t interface;
    while ((interface = wtap_get_next_interface_description(c->from)))
        if (!wtap_dump_add_idb(c->to, interface, &c->why, &c->detail))
            return false;
    return true;
}

static bool write_record(struct conversion *c, wtap_rec *record, Buffer *buffer, const char *text)
{
    if (text) {
        if (!record->block)
            record->block = wtap_block_create(WTAP_BLOCK_PACKET);
        wtap_block_add_string_option(record->block, OPT_COMMENT, text, strlen(text));
        record->block_was_modified = true;
        c->comments->added++;
    }
    (void)buffer; /* part of the record since 4.6 */
    return add_interfaces(c) && compat_wtap_dump(c->to, record, buffer, &c->why, &c->detail);
}

/* Reads as far as it goes: the program has already said where a file is cut short. */
static bool copy_records(struct conversion *c)
{
    wtap_rec record;
    Buffer buffer;
    int64_t offset;
    bool written = true;
    int read_why;
    char *read_detail = NULL;
    compat_wtap_rec_init(&record);
    ws_buffer_init(&buffer, 2048);
    while (written &&
           compat_wtap_read(c->from, &record, &buffer, &read_why, &read_detail, &offset)) {
        written = write_record(c, &record, &buffer, comments_at(c->comments, offset)) &&
                  outfile_goes_on(c->file);
        wtap_rec_reset(&record);
    }
    g_free(read_detail);
    ws_buffer_free(&buffer);
    wtap_rec_cleanup(&record);
    return written;
}

static wtap_dumper *open_dumper(struct conversion *c, wtap_dump_params *params)
{
    wtap_dump_params_init(params, c->from);
    if (params->shb_hdrs && params->shb_hdrs->len)
        wtap_block_add_string_option(g_array_index(params->shb_hdrs, wtap_block_t, 0), OPT_COMMENT,
                                     c->comments->on_all, strlen(c->comments->on_all));
    while (wtap_get_next_interface_description(c->from))
        ; /* those that are known by now are written at once */
    return wtap_dump_fdopen(outfile_descriptor(c->file), wtap_pcapng_file_type_subtype(),
                            WTAP_UNCOMPRESSED, params, &c->why, &c->detail);
}

static bool convert(struct conversion *c)
{
    wtap_dump_params params;
    int close_why;
    char *close_detail = NULL;
    c->to = open_dumper(c, &params);
    bool written = c->to && copy_records(c);
    if (c->to && !wtap_dump_close(c->to, NULL, &close_why, &close_detail) && written) {
        written = false;
        c->why = close_why;
    }
    g_free(close_detail);
    wtap_dump_params_cleanup(&params);
    return written;
}

/* What is wrong with the file that is written, outfile_commit() tells. */
static bool is_told_later(struct conversion *c)
{
    if (!c->file->why && c->to && c->why > 0)
        c->file->why = c->why;
    return c->file->why != 0;
}

bool comments_convert(struct original *from, struct outfile *to, struct comments *comments,
                      char **error)
{
    struct conversion c = {.file = to, .comments = comments};
    const char *name = original_rewind(from);
    bool written = false;
    c.from = wtap_open_offline(name, WTAP_TYPE_AUTO, &c.why, &c.detail, false);
    if (c.from) {
        written = convert(&c) || is_told_later(&c);
        wtap_close(c.from);
    }
    if (!written) {
        GString *text = g_string_new(NULL);
        say_annotate_failed(PAPER(text), c.detail ? c.detail : wtap_strerror(c.why));
        *error = g_string_free(text, FALSE);
    }
    g_free(c.detail);
    return written;
}
