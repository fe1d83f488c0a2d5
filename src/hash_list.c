/*
 * hashes.sha256, line by line: as sha256sum writes it, in one form only.
 *
 * Guarantees, for a line that it passes: 64 lower-case hex digits, two spaces, a name that the format allows, a line
 * feed.
 */
#include "hash_list.h"
#include "archive.h"

#include <string.h>

static bool hex_digit(uint8_t c, uint8_t *value)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    *value = at == NULL ? 0 : (uint8_t)(at - digits);
    return at != NULL;
}

static const char *read_fields(const uint8_t *bytes, size_t len, struct hash_line *line)
{
    if (len < 2 * SHA256_SIZE)
        return "it has no 64 hex digits";
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        uint8_t high = 0;
        uint8_t low = 0;
        if (!hex_digit(bytes[2 * i], &high) || !hex_digit(bytes[2 * i + 1], &low))
            return "it does not begin with 64 lower-case hex digits";
        line->sha256[i] = (uint8_t)(high << 4 | low);
    }
    bytes += 2 * SHA256_SIZE;
    len -= 2 * SHA256_SIZE;
    if (len < 2 || bytes[0] != ' ' || bytes[1] != ' ')
        return "no two spaces follow the hash";
    line->name = (const char *)bytes + 2;
    line->name_len = len - 2;
    if (line->name_len > 0 && line->name[line->name_len - 1] == '\r')
        return "it ends with a carriage return";
    return name_fault(line->name, line->name_len) == NULL ? NULL : "its name is none that the format allows";
}

const char *hash_line_read(const uint8_t *list, size_t len, size_t *at, struct hash_line *line)
{
    const uint8_t *start = list + *at;
    const uint8_t *feed = memchr(start, '\n', len - *at);
    *line = (struct hash_line){.offset = *at};
    if (feed == NULL) {
        *at = len;
        return "no line feed ends it";
    }
    *at = (size_t)(feed - list) + 1;
    return read_fields(start, (size_t)(feed - start), line);
}

int hash_name_order(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

void hash_line_write(struct text *list, const uint8_t sha256[SHA256_SIZE], const char *name)
{
    text_hex(list, sha256, SHA256_SIZE);
    text_print(list, "  %s\n", name);
}
