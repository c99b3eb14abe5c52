/* The heap: all memory behind the program's own.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sizes are rounded up to one of four steps between two powers of two; what is freed waits in the
 * list of its step, and is never split or joined. A capture is read by a program of its own (a
 * worker), so nothing has to be given back when it is over. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 65536, PAGES_AT_ONCE = 64, ALIGNMENT = 16, STEPS = 4 * 32 };

/* In front of each block. */
struct block {
    uint32_t step;
    struct block *next; /* while it is free */
    uint64_t padding;
};
_Static_assert(sizeof(struct block) == ALIGNMENT, "what follows is aligned");

extern unsigned char __heap_base; /* the linker's */
static uintptr_t top;
static struct block *waiting[STEPS];

/* The step that holds so many octets, and how many it has. */
static uint32_t step_of(size_t size, size_t *has)
{
    const size_t wanted = size < 64 ? 64 : size;
    const unsigned power = 31u - (unsigned)__builtin_clz((unsigned)wanted - 1);
    const size_t quarter = (size_t)1 << (power - 2);
    const size_t quarters = (wanted + quarter - 1) / quarter; /* 5 to 8 */
    *has = quarters * quarter;
    return 4 * power + (uint32_t)quarters - 5;
}

/* Memory of so many octets more, and then some: to ask for it takes time. */
static bool grow(uintptr_t octets)
{
    const uintptr_t pages = (octets + PAGE - 1) / PAGE;
    return __builtin_wasm_memory_grow(0, pages + PAGES_AT_ONCE) != (size_t)-1 ||
           __builtin_wasm_memory_grow(0, pages) != (size_t)-1;
}

/* New memory at the end of all. NULL: the browser gives no more. */
static struct block *extend(size_t size)
{
    if (!top)
        top = ((uintptr_t)&__heap_base + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
    const uintptr_t end = __builtin_wasm_memory_size(0) * (uintptr_t)PAGE;
    if (size > UINT32_MAX - (PAGES_AT_ONCE + 1) * PAGE - top ||
        (top + size > end && !grow(top + size - end)))
        return NULL;
    struct block *block = (struct block *)top;
    top += size;
    return block;
}

void *malloc(size_t size)
{
    size_t has;
    if (size > INT32_MAX)
        return NULL;
    const uint32_t step = step_of(size, &has);
    struct block *block = waiting[step];
    if (block)
        waiting[step] = block->next;
    else
        block = extend(sizeof *block + has);
    if (!block)
        return NULL;
    block->step = step;
    return block + 1;
}

void *calloc(size_t count, size_t size)
{
    if (size && count > INT32_MAX / size)
        return NULL;
    void *memory = malloc(count * size);
    return memory ? memset(memory, 0, count * size) : NULL;
}

void free(void *memory)
{
    struct block *block = memory;
    if (!block)
        return;
    block--;
    block->next = waiting[block->step];
    waiting[block->step] = block;
}

/* How many octets there are in a block of this step. */
static size_t room_of(uint32_t step)
{
    return (size_t)(step % 4 + 5) << (step / 4 - 2);
}

void *realloc(void *memory, size_t size)
{
    if (!memory)
        return malloc(size);
    const size_t room = room_of(((struct block *)memory - 1)->step);
    if (size <= room)
        return memory;
    void *larger = malloc(size);
    if (!larger)
        return NULL;
    memcpy(larger, memory, room);
    free(memory);
    return larger;
}

void abort(void)
{
    __builtin_trap();
}
