/* Memory for as long as the capture is kept: what the leg lends (Wireshark's file scope, malloc).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_HEAP_H
#define TCPSTATE_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct lender {
    /* As realloc(), but never NULL: where there is no more memory, the leg ends the program. */
    void *(*resize)(void *memory, size_t size);
    void (*free)(void *memory);
    uint64_t (*random)(void); /* that who makes a capture cannot know */
};

/* Another capture begins: what was lent for the one before is no concern of ours any more. */
void heap_begin(const struct lender *lender);

void *heap_resize(void *memory, size_t size);
void *heap_new(size_t size);
void *heap_zeroed(size_t size);
void heap_free(void *memory);
uint64_t heap_random(void);

#endif
