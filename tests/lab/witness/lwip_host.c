/* A host whose TCP is lwIP's. It runs in a namespace whose kernel has no address there:
 *
 *   lwip_host INTERFACE ADDRESS MAC PEER-ADDRESS PEER-MAC
 *
 * Orders come by standard input (application.c), one a line; changes of state go to standard output
 * (states.h), and after each order "ok" or what went wrong. It ends with its input. One thread does
 * it all, so that lwIP never moves unseen.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "application.h"
#include "device.h"
#include "states.h"
#include "wire.h"

#include <lwip/init.h>
#include <lwip/timeouts.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 50 /* ms between looks at lwIP's timers */

static void obey_lines(char *lines)
{
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        obey(line);
}

/* 0 at the end of the input. Orders are short, so each arrives in one piece. */
static int read_orders(void)
{
    char lines[4096];
    const ssize_t length = read(STDIN_FILENO, lines, sizeof lines - 1);
    if (length <= 0)
        return 0;
    lines[length] = '\0';
    obey_lines(lines);
    return 1;
}

static void run(int wire)
{
    struct pollfd watched[] = {{wire, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    for (;;) {
        if (poll(watched, 2, PATIENCE) < 0)
            return;
        while (device_receive())
            ;
        if (watched[1].revents && !read_orders())
            return;
        sys_check_timeouts();
        states_look();
    }
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: lwip_host INTERFACE ADDRESS MAC PEER-ADDRESS PEER-MAC\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    srand((unsigned)getpid());
    const int wire = wire_open(argv[1]);
    if (wire < 0)
        return 1;
    lwip_init();
    if (!device_open(argv[2], argv[3], argv[4], argv[5])) {
        fprintf(stderr, "lwip_host: no addresses\n");
        return 2;
    }
    puts("ok");
    run(wire);
    return 0;
}
