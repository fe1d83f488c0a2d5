/*
 * Progress. Guarantees that nothing is printed in a short run, to a file, or to a terminal that knows no escapes, and
 * that the line is gone before anything else is written.
 */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "interrupt.h"
#include "text.h"
#include "times.h"

enum { FIRST_AFTER = 1000, NEXT_AFTER = 200 };

static int64_t milliseconds(void)
{
    return monotonic_nanoseconds() / 1000000;
}

progress progress_begin(size_t total, bool quiet, bool is_shared)
{
    return (progress){
        .is_on = !quiet && is_capable_terminal(STDERR_FILENO),
        .is_shared = is_shared,
        .total = total,
        .next_at = milliseconds() + FIRST_AFTER,
    };
}

static void print_bytes(uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    double amount = (double)bytes;
    while (amount >= 1024 && unit < 4) {
        amount /= 1024;
        unit++;
    }
    (void)fprintf(stderr, "%.*f %s", unit > 0 ? 1 : 0, amount, units[unit]);
}

/* Is it time to draw the line? If so, the cursor stands at its beginning. */
static bool is_due(progress *line)
{
    int64_t now = line->is_on ? milliseconds() : 0;
    if (!line->is_on || now < line->next_at)
        return false;
    line->next_at = now + NEXT_AFTER;
    line->is_shown = true;
    interrupt_line(true);
    (void)fputs("\r\033[K", stderr);
    return true;
}

void progress_show(progress *line, size_t done, uint64_t bytes)
{
    if (!is_due(line))
        return;
    (void)fprintf(stderr, "checked %zu of %zu %s, ", done, line->total, line->total == 1 ? "file" : "files");
    print_bytes(bytes);
    (void)fflush(stderr);
}

void progress_show_part(progress *line, const char *doing, uint64_t done, uint64_t total)
{
    if (total == 0 || !is_due(line))
        return;
    (void)fprintf(stderr, "%s: %d %%", doing, (int)((double)done / (double)total * 100));
    (void)fflush(stderr);
}

void progress_give_way(progress *line)
{
    if (line->is_shared)
        progress_end(line);
}

void progress_end(progress *line)
{
    if (line->is_shown) {
        (void)fputs("\r\033[K", stderr);
        line->is_shown = false;
        interrupt_line(false);
        line->next_at = 0;
    }
}
