/*
 * A window: many small reads that go forward cost few reads of the source.
 *
 * Guarantees that nothing behind `end` is read and that memory is bounded. Reading backwards is right, only slow.
 */
#include "window.h"

const uint8_t *window_view(struct window *window, uint64_t at, size_t len, uint64_t end, enum failure *failure)
{
    if (window->source->memory != NULL)
        return source_view(window->source, at, NULL, len, failure);
    if (at < window->at || at - window->at > window->len || window->len - (at - window->at) < len) {
        uint64_t more = end - at;
        size_t fill = more < WINDOW_SIZE ? (size_t)more : WINDOW_SIZE;
        window->len = 0;
        if (source_view(window->source, at, window->bytes, fill, failure) == NULL)
            return NULL;
        window->at = at;
        window->len = fill;
    }
    return window->bytes + (at - window->at);
}
