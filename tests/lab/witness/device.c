/* lwIP's network interface. There is one other host, and its MAC address is known, so that neither
 * ARP nor neighbour discovery is needed; nothing but TCP leaves.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "device.h"
#include "states.h"
#include "wire.h"

#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/prot/ethernet.h>
#include <stdio.h>
#include <string.h>

#define MTU 1500
#define ETHERTYPE 12 /* where it is in the frame */

ip_addr_t own_address, peer_address;

static struct netif device;
static unsigned char header[2][SIZEOF_ETH_HDR]; /* of IPv4, of IPv6 */

static err_t put(const struct pbuf *packet, int version6)
{
    static unsigned char frame[LONGEST_FRAME];
    unsigned char *const ip = frame + SIZEOF_ETH_HDR;
    const size_t length = pbuf_copy_partial(packet, ip, LONGEST_FRAME - SIZEOF_ETH_HDR, 0);
    if (ip[version6 ? 6 : 9] != IP_PROTO_TCP)
        return ERR_OK;
    memcpy(frame, header[version6], SIZEOF_ETH_HDR);
    states_look(); /* what this segment announces has been decided */
    wire_write(frame, SIZEOF_ETH_HDR + length);
    return ERR_OK;
}

static err_t put_ipv4(struct netif *netif, struct pbuf *packet, const ip4_addr_t *to)
{
    (void)netif, (void)to;
    return put(packet, 0);
}

static err_t put_ipv6(struct netif *netif, struct pbuf *packet, const ip6_addr_t *to)
{
    (void)netif, (void)to;
    return put(packet, 1);
}

static err_t prepare(struct netif *netif)
{
    netif->output = put_ipv4;
    netif->output_ip6 = put_ipv6;
    netif->mtu = MTU;
    netif->name[0] = 'e';
    return ERR_OK;
}

static int parse_mac(const char *text, unsigned char *mac)
{
    return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", mac, mac + 1, mac + 2, mac + 3,
                  mac + 4, mac + 5) == 6;
}

static int parse_macs(const char *own, const char *peer)
{
    const unsigned kinds[] = {ETHTYPE_IP, ETHTYPE_IPV6};
    for (int i = 0; i < 2; i++) {
        if (!parse_mac(peer, header[i]) || !parse_mac(own, header[i] + ETH_HWADDR_LEN))
            return 0;
        header[i][ETHERTYPE] = (unsigned char)(kinds[i] >> 8);
        header[i][ETHERTYPE + 1] = (unsigned char)(kinds[i] & 0xff);
    }
    return 1;
}

static void set_address(void)
{
    ip4_addr_t mask, any;
    ip4_addr_set_any(&any);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    const ip4_addr_t *const ipv4 = IP_IS_V4(&own_address) ? ip_2_ip4(&own_address) : &any;
    netif_add(&device, ipv4, &mask, &any, NULL, prepare, ip_input);
    if (IP_IS_V6(&own_address)) {
        netif_ip6_addr_set(&device, 0, ip_2_ip6(&own_address));
        netif_ip6_addr_set_state(&device, 0, IP6_ADDR_PREFERRED);
    }
    netif_set_default(&device);
    netif_set_link_up(&device);
    netif_set_up(&device);
}

int device_open(const char *own, const char *own_mac, const char *peer, const char *peer_mac)
{
    if (!ipaddr_aton(own, &own_address) || !ipaddr_aton(peer, &peer_address) ||
        !parse_macs(own_mac, peer_mac))
        return 0;
    set_address();
    return 1;
}

int device_receive(void)
{
    static unsigned char frame[LONGEST_FRAME];
    const size_t length = wire_read(frame, sizeof frame);
    if (length == 0)
        return 0;
    if (length <= SIZEOF_ETH_HDR || memcmp(frame, header[0] + ETH_HWADDR_LEN, ETH_HWADDR_LEN) != 0)
        return 1;
    const size_t rest = length - SIZEOF_ETH_HDR;
    struct pbuf *packet = pbuf_alloc(PBUF_RAW, (u16_t)rest, PBUF_RAM);
    if (!packet)
        return 1;
    pbuf_take(packet, frame + SIZEOF_ETH_HDR, (u16_t)rest);
    if (device.input(packet, &device) != ERR_OK)
        pbuf_free(packet);
    states_look();
    return 1;
}
