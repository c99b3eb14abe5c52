/* The ladder (tell/ladder.h) of all that was captured, printed in the end.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "accounts.h"
#include "command.h"
#include "kept.h"
#include "ladder.h"
#include "paper.h"
#include "parts.h"
#include "prefs.h"
#include "sentences.h"

static const char command[] = "tcpstate,ladder";

/* The listener. Lives as long as the program, or until tshark has printed it. */
struct ladders {
    int64_t wanted; /* number of the one connection to show, or -1 for all */
    struct kept *kept;
};

static void reset(void *data)
{
    kept_reset(((struct ladders *)data)->kept);
}

static void measure(void *ladder, const struct tcpstate_tap_info *info, int64_t unused _U_)
{
    const struct account account = account_of(info);
    ladder_measure(ladder, &account);
}

static void tell(void *ladder, const struct tcpstate_tap_info *info, int64_t unused _U_)
{
    const struct account account = account_of(info);
    ladder_add(ladder, &account);
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    kept_add(((struct ladders *)data)->kept, tapped, 0);
    return TAP_PACKET_REDRAW;
}

static void draw(void *data)
{
    const struct ladders *ladders = data;
    struct ladder *ladder = g_new0(struct ladder, 1);
    ladder->to = PRINTER(stdout);
    ladder->wanted = ladders->wanted;
    ladder->exact = !preferences_stock_bool("relative_sequence_numbers");
    kept_each_connection(ladders->kept, measure, ladder);
    ladder_measured(ladder);
    kept_each_connection(ladders->kept, tell, ladder);
    ladder_end(ladder);
    g_free(ladder);
}

static void finish(void *data)
{
    struct ladders *ladders = data;
    kept_free(ladders->kept);
    g_free(ladders);
}

/* `argument` is all of `tcpstate,ladder[,N]`. */
static compat_started start(const char *argument, void *userdata _U_)
{
    struct ladders *ladders = g_new0(struct ladders, 1);
    const char *number = argument + strlen(command);
    ladders->wanted = *number == ',' ? command_number(number + 1) : -1;
    if (*number && ladders->wanted < 0)
        command_fail(command, phrase(PHRASE_LADDER_NUMBER));
    ladders->kept = kept_new();
    command_listen(command, ladders, NULL, reset, packet, draw, finish);
    COMPAT_RETURN_STARTED;
}

void ladder_register(void)
{
    static stat_tap_ui ui;
    command_register(&ui, command, start);
}
