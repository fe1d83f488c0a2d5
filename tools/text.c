/*
 * Words for people. Guarantees that no byte from outside (a path, an argument) reaches a terminal raw: a message is
 * escaped as a whole when it is printed. What the library has escaped already stays as it is. Leaves out the asked-for
 * output, which its own renderers escape.
 */
#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ozcapsula.h>

void complain(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int len = vsnprintf(NULL, 0, format, values);
    va_end(values);
    char *message = len < 0 ? NULL : malloc((size_t)len + 1);
    if (message) {
        va_start(values, format);
        (void)vsnprintf(message, (size_t)len + 1, format, values);
        va_end(values);
    }
    (void)fputs("ozcapsula: ", stderr);
    for (const char *at = message ? message : "out of memory"; *at != '\0'; at++)
        if (*at >= ' ' && *at <= '~')
            (void)fputc(*at, stderr);
        else
            (void)fprintf(stderr, "\\x%02x", (unsigned)(unsigned char)*at);
    (void)fputc('\n', stderr);
    free(message);
}

void *required(void *memory)
{
    if (!memory) {
        complain("out of memory");
        exit(OZC_FAILED);
    }
    return memory;
}

void print_wrapped(FILE *to, int column, int indent, const char *text)
{
    bool is_first = true; /* word of its line */
    while (*text != '\0') {
        int word = (int)strcspn(text, " \n");
        bool is_full = word > 0 && column + (is_first ? 0 : 1) + word > TEXT_WIDTH;
        if (*text == '\n' || (is_full && column > indent)) {
            (void)fputc('\n', to);
            column = 0;
            is_first = true;
        }
        if (word > 0) {
            int space = is_first ? indent - column : 1;
            (void)fprintf(to, "%*s%.*s", space > 0 ? space : 0, "", word, text);
            column += (space > 0 ? space : 0) + word;
            is_first = false;
        }
        text += word > 0 ? word : 1;
    }
    (void)fputc('\n', to);
}

bool is_capable_terminal(int fd)
{
    const char *term = getenv("TERM");
    return isatty(fd) == 1 && term && strcmp(term, "dumb") != 0;
}
