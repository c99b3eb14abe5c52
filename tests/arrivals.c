/* SEGMENT ARRIVES as a table: each kind of segment x each state x each edge (`arrivals TABLE`).
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Brings a receiver into the state, hands it the segment, and compares the state after it and the
 * reply that it owes with the table. Exit status: 0 as in the table, 1 not, 2 the table cannot be
 * read. */
#include "rfc/receive.h"
#include "told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ISS_A = 1000, ISS_B = 5000, WINDOW = 1000, A = 0, B = 1, LINE = 400, FIELDS = 7 };
static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};

/* How the receiver comes into a state. A's segments in capitals, B's in small letters: S SYN, Y
 * SYN,ACK, A ACK, F FIN,ACK, R RST; one that is followed by '!' is lost. */
static const struct scene {
    const char *name;
    unsigned receiver;
    const char *moves;
} scenes[] = {
    {"CLOSED", B, "SyAr"},
    {"LISTEN", B, "S!"},
    {"SYN_SENT", A, "S!"},
    {"SYN_RCVD", B, "Sy!"},
    {"SYN_RCVD(ACTIVE)", A, "S!sY!"},
    {"ESTABLISHED", B, "SyAa"},
    {"FIN_WAIT_1", B, "SyAaf!"},
    {"FIN_WAIT_2", B, "SyAafA"},
    {"CLOSE_WAIT", B, "SyAaFa"},
    {"CLOSING", B, "SyAaf!Fa"},
    {"LAST_ACK", B, "SyAaFaf!"},
    {"TIME_WAIT", B, "SyAafAFa"},
};
enum { SCENES = sizeof scenes / sizeof *scenes, SYNC_FIRST = 5 };

struct play {
    struct connection c;
    struct segment s;
    uint32_t next[2], acked[2]; /* SND.NXT, and what each end has received in order */
};

static void send(struct play *p, unsigned from, uint8_t flags, bool lost)
{
    struct verdict v;
    p->s.frame++;
    p->s.time += 10000000;
    p->s.from = (uint8_t)from;
    p->s.flags = flags;
    p->s.seq = p->next[from];
    p->s.ack = flags & SEG_ACK ? p->acked[from] : 0;
    p->s.window = WINDOW;
    told(&p->c, &rules, &p->s, !lost, &v);
    p->next[from] = segment_end(&p->s);
    if (!lost)
        p->acked[!from] = segment_end(&p->s);
}

static void set_scene(struct play *p, const struct scene *scene)
{
    static const struct {
        char letter;
        uint8_t flags;
    } kinds[] = {{'s', SEG_SYN},
                 {'y', SEG_SYN | SEG_ACK},
                 {'a', SEG_ACK},
                 {'f', SEG_FIN | SEG_ACK},
                 {'r', SEG_RST | SEG_ACK}};
    memset(p, 0, sizeof *p);
    p->next[A] = ISS_A;
    p->next[B] = ISS_B;
    for (const char *m = scene->moves; *m; m++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if ((*m | 0x20) == kinds[k].letter)
                send(p, *m & 0x20 ? B : A, kinds[k].flags, m[1] == '!');
}

/* "nxt+9": one of the words, and a distance. */
static uint32_t value(const char *text, const struct endpoint *x, bool is_seq)
{
    const struct {
        const char *word;
        uint32_t seq, ack;
    } words[] = {{"nxt", x->rcv_nxt, x->snd_nxt}, {"last", x->edge - 1, 0}, {"edge", x->edge, 0},
                 {"far", x->rcv_nxt + 500000, 0}, {"una", 0, x->fin - 1},   {"iss", 0, x->iss},
                 {"old", 0, x->iss - 70000}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t n = strlen(words[i].word);
        if (!strncmp(text, words[i].word, n))
            return (is_seq ? words[i].seq : words[i].ack) + (uint32_t)atoi(text + n);
    }
    return 0;
}

static uint8_t flags_of(const char *text)
{
    static const struct {
        const char *name;
        uint8_t flag;
    } names[] = {
#define FLAG(name, bit) {#name, bit},
#include "tables/segment.def"
    };
    uint8_t flags = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(text, names[i].name))
            flags |= names[i].flag;
    return flags;
}

static const char *reply_name(unsigned reply)
{
    static const char *const names[REPLY_COUNT] = {
#define REPLY(id, text, cite) [id] = #id + sizeof "OWES_" - 1,
#include "tables/replies.def"
#undef REPLY
    };
    return names[reply];
}

/* Try one row on one state. Returns whether it is as the row says. */
static bool try_row(int line, const struct scene *scene, char *const field[FIELDS])
{
    static struct play p;
    struct verdict v;
    set_scene(&p, scene);
    const struct endpoint *x = &p.c.end[scene->receiver];
    const state_set before = x->belief.state;
    p.s.frame++;
    p.s.time += 10000000;
    p.s.from = !scene->receiver;
    p.s.flags = flags_of(field[1]);
    p.s.seq = value(field[2], x, true);
    p.s.ack = p.s.flags & SEG_ACK ? value(field[3], x, false) : 0;
    p.s.text = (uint32_t)atoi(field[4]);
    struct moment m = moment_of(&p.c, &rules, &p.s, &v);
    if (p.s.flags == SEG_SYN) /* whether it opens a connection is decided when it is sent */
        told(&p.c, &rules, &p.s, true, &v);
    else /* it arrives, and nothing is concluded about who sent it */
        connection_received(&m, ARRIVES);
    const char *after = state_text(state_number(x->belief.state))->name;
    const char *expected =
        strcmp(field[5], "same") ? field[5] : state_text(state_number(before))->name;
    if (!strcmp(after, expected) && !strcmp(reply_name(v.owes), field[6]))
        return true;
    printf("line %d: %s, <SEQ=%s><ACK=%s><CTL=%s>: it is %s and owes %s, not %s and %s\n", line,
           scene->name, field[2], field[3], field[1], after, reply_name(v.owes), expected,
           field[6]);
    return false;
}

static bool names_scene(const char *list, unsigned scene)
{
    const char *name = scenes[scene].name, *at = list;
    const size_t n = strlen(name);
    if (scene >= SYNC_FIRST && strstr(list, "SYNC"))
        return true;
    while ((at = strstr(at, name))) {
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return true;
        at += n;
    }
    return false;
}

/* Split at '|' and trim. */
static bool split(char *line, char *field[FIELDS])
{
    for (int i = 0; i < FIELDS; i++) {
        field[i] = strtok(i ? NULL : line, "|\n");
        if (!field[i])
            return false;
        field[i] += strspn(field[i], " ");
        for (size_t n = strlen(field[i]); n && field[i][n - 1] == ' '; n--)
            field[i][n - 1] = '\0';
    }
    return true;
}

/* FIN, SYN, RST as they are, and ACK next to them: 0 to 15. */
static unsigned kind_of(uint8_t flags)
{
    return (flags & 7u) | (flags & SEG_ACK ? 8u : 0u);
}

int main(int argc, char **argv)
{
    char text[LINE], *field[FIELDS];
    bool seen[SCENES][16] = {{false}};
    int line = 0, tried = 0, wrong = 0;
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    while (in && fgets(text, sizeof text, in)) {
        line++;
        if (*text == '#' || *text == '\n')
            continue;
        if (!split(text, field)) {
            fprintf(stderr, "arrivals: line %d has not %d fields\n", line, FIELDS);
            return 2;
        }
        for (unsigned i = 0; i < SCENES; i++)
            if (names_scene(field[0], i)) {
                tried++;
                wrong += !try_row(line, &scenes[i], field);
                seen[i][kind_of(flags_of(field[1]))] = true;
            }
    }
    if (!tried) {
        fprintf(stderr, "usage: arrivals TABLE\n");
        return 2;
    }
    static const uint8_t kinds[] = {SEG_RST, SEG_RST | 8, SEG_SYN, SEG_SYN | 8, 8, SEG_FIN | 8, 0};
    for (unsigned i = 0; i < SCENES; i++)
        for (size_t k = 0; k < sizeof kinds; k++)
            if (!seen[i][kinds[k]]) {
                printf("no row for %s, flags %x\n", scenes[i].name, (unsigned)kinds[k]);
                wrong++;
            }
    fclose(in);
    printf("%d arrivals, %d wrong\n", tried, wrong);
    return wrong != 0;
}
