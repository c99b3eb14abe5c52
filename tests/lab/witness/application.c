/* The program over lwIP: one listener and one connection, through lwIP's raw interface.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "application.h"
#include "device.h"
#include "states.h"

#include <lwip/priv/tcp_priv.h>
#include <stdio.h>
#include <string.h>

static struct tcp_pcb *listener, *connection;
static int holding;     /* reads nothing for now */
static unsigned unread; /* bytes */

static void read_all(void)
{
    while (unread > 0 && connection) {
        const unsigned part = unread > 0xffff ? 0xffff : unread;
        tcp_recved(connection, (u16_t)part);
        unread -= part;
    }
}

static err_t on_data(void *arg, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
    (void)arg, (void)error;
    states_look();
    if (!data)
        return ERR_OK; /* the other end has finished; we close when told */
    if (pcb == connection) {
        unread += data->tot_len;
        if (!holding)
            read_all();
    }
    pbuf_free(data);
    return ERR_OK;
}

static void on_end(void *arg, err_t error)
{
    (void)arg, (void)error;
    connection = NULL;
    states_look();
}

static void adopt(struct tcp_pcb *pcb)
{
    connection = pcb;
    unread = 0;
    tcp_recv(pcb, on_data);
    tcp_err(pcb, on_end);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t error)
{
    (void)arg;
    states_look();
    if (error == ERR_OK && pcb)
        adopt(pcb);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t error)
{
    (void)arg, (void)pcb, (void)error;
    states_look();
    return ERR_OK;
}

static struct tcp_pcb *bound(int port)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(&own_address));
    if (!pcb)
        return NULL;
    ip_set_option(pcb, SOF_REUSEADDR);
    if (tcp_bind(pcb, &own_address, (u16_t)port) == ERR_OK)
        return pcb;
    tcp_abort(pcb);
    return NULL;
}

static err_t do_listen(int port, int unused)
{
    (void)unused;
    struct tcp_pcb *pcb = bound(port);
    listener = pcb ? tcp_listen(pcb) : NULL;
    if (!listener)
        return ERR_USE;
    tcp_accept(listener, on_accept);
    return ERR_OK;
}

static err_t do_connect(int own_port, int port)
{
    struct tcp_pcb *pcb = bound(own_port);
    if (!pcb)
        return ERR_USE;
    adopt(pcb);
    return tcp_connect(pcb, &peer_address, (u16_t)port, on_connected);
}

static err_t do_send(int count, int unused)
{
    static char text[32768];
    (void)unused;
    memset(text, '.', sizeof text);
    const int room = tcp_sndbuf(connection);
    const u16_t length = (u16_t)(count < room ? count : room);
    err_t error = tcp_write(connection, text, length, TCP_WRITE_FLAG_COPY);
    return error == ERR_OK ? tcp_output(connection) : error;
}

static err_t do_shut(int unused, int unused_too)
{
    (void)unused, (void)unused_too;
    return tcp_shutdown(connection, 0, 1);
}

/* What becomes of the connection after this is lwIP's business alone. */
static struct tcp_pcb *released(void)
{
    struct tcp_pcb *pcb = connection;
    connection = NULL;
    tcp_err(pcb, NULL);
    return pcb;
}

static err_t do_close(int unused, int unused_too)
{
    (void)unused, (void)unused_too;
    return tcp_close(released());
}

static err_t do_abort(int send_reset, int unused)
{
    (void)unused;
    tcp_abandon(released(), send_reset);
    return ERR_OK;
}

static err_t do_hold(int yes, int unused)
{
    (void)unused;
    holding = yes;
    if (!holding)
        read_all();
    return ERR_OK;
}

static const struct {
    const char *name;
    err_t (*function)(int, int);
    int needs_connection;
} orders[] = {
    {"listen", do_listen, 0}, {"connect", do_connect, 0}, {"send", do_send, 1},
    {"shut", do_shut, 1},     {"close", do_close, 1},     {"abort", do_abort, 1},
    {"hold", do_hold, 0},
};

void obey(const char *line)
{
    char name[16] = "";
    int one = 0, two = 0;
    if (sscanf(line, "%15s %d %d", name, &one, &two) < 1)
        return;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (strcmp(orders[i].name, name) != 0)
            continue;
        err_t error = ERR_CONN;
        if (connection || !orders[i].needs_connection)
            error = orders[i].function(one, two);
        states_look();
        if (error != ERR_OK)
            printf("%s: lwIP's error %d\n", name, error);
        else
            puts("ok");
        return;
    }
    printf("%s: no such order\n", name);
}
