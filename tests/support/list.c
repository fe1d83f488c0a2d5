/*
 * The rows of testdata/list.tsv: what is expected of each container, with which settings (testdata/README.md).
 */
#include "list.h"

#include <stdlib.h>
#include <string.h>

struct row *rows;
size_t row_count;
static char *list_text;

int load_list(void **state)
{
    (void)state;
    list_text = (char *)read_testdata("list.tsv").data;
    char *lines = list_text;
    (void)strtok_r(lines, "\n", &lines); /* the header */
    for (char *line; (line = strtok_r(NULL, "\n", &lines)) != NULL;) {
        rows = realloc(rows, (row_count + 1) * sizeof *rows);
        char *columns = line;
        for (int i = 0; i < COLUMNS; i++) {
            rows[row_count].column[i] = strtok_r(i == 0 ? line : NULL, "\t", &columns);
            if (rows[row_count].column[i] == NULL)
                return -1;
        }
        row_count++;
    }
    return row_count == 0 ? -1 : 0;
}

int free_list(void **state)
{
    (void)state;
    free(rows);
    free(list_text);
    return 0;
}
