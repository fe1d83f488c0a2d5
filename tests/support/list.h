/* list.h - the rows of testdata/list.tsv. */
#ifndef LIST_H
#define LIST_H

#include "support.h"

enum { FILE_NAME, SETTINGS, RESULT, CODE, MESSAGE, RULE, ENTRY, WARNINGS, COLUMNS };

struct row {
    char *column[COLUMNS];
};

/* All rows, as a cmocka group's set-up and tear-down. */
extern struct row *rows;
extern size_t row_count;
int load_list(void **state);
int free_list(void **state);

#endif
