/* ascii.h - letters and digits of ASCII, whatever the locale. */
#ifndef ASCII_H
#define ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline bool ascii_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static inline unsigned char ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static inline bool ascii_is_alnum(unsigned char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* Equal but for the case of ASCII letters? */
static inline bool ascii_equal(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] != '\0' && ascii_lower((unsigned char)a[i]) == ascii_lower((unsigned char)b[i]))
        i++;
    return a[i] == b[i];
}

#endif
