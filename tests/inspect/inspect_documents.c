/* Prints the document of each file that standard input names, one a line, in the order of the names. */
#include <ozcapsula.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char path[4096];
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        ozc_inspection *inspection = ozc_inspect_file(path, NULL);
        char *json = ozc_render_inspection(inspection, path);
        if (json == NULL)
            return 1;
        puts(json);
        ozc_free(json);
        ozc_inspection_free(inspection);
    }
    return 0;
}
