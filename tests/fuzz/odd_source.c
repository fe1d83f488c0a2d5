/*
 * A source for ozc_validate_source that never gives what was asked if it can help it. Also guarantees that it is asked
 * within its size only, as validate.h promises.
 */
#include "odd_source.h"
#include "wraps.h"

#include <string.h>

static int tell_size(void *user, uint64_t *size)
{
    *size = ((const struct odd *)user)->len;
    return 0;
}

static int64_t read_some(void *user, uint64_t offset, void *buffer, size_t len)
{
    struct odd *odd = user;
    MUST(len > 0 && offset < odd->len && len <= odd->len - offset, "%zu bytes at %llu were asked of a source of %zu",
         len, (unsigned long long)offset, odd->len);
    if (fault_strikes(FAULT_READ))
        return -1;
    if (fault_strikes(FAULT_SHORT))
        return 0;
    if (fault_strikes(FAULT_LONG))
        return (int64_t)len + 1;
    uint32_t random = fuzz_random(&odd->state);
    size_t most = random % 4 == 0 ? 7 : random % 4 == 1 ? 1021 : 4093;
    size_t give = 1 + (random >> 2) % most;
    if (give > len)
        give = len;
    memcpy(buffer, odd->bytes + offset, give);
    return (int64_t)give;
}

ozc_source odd_source(struct odd *odd)
{
    odd->state |= 1;
    return (ozc_source){sizeof(ozc_source), odd, tell_size, read_some};
}
