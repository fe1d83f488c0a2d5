/*
 * usage: judge [POLICY CONTAINER]...
 *
 * What tests/bombs/bombs.py measures: each container judged by its policy file, and what was found rendered. Prints for
 * each the verdict ("valid", the rule, "failed", or "misuse" where the policy is refused), and at last the peak of the
 * resident memory in KiB. Everything that is counted happens in judge().
 */
#include <ozcapsula.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLICY_ROOM = 2 << 20, AT = 1767225660 };

/* The whole policy file, as it is, and how long it is. */
static char *read_policy(const char *path, size_t *len)
{
    char *text = malloc(POLICY_ROOM);
    FILE *file = fopen(path, "rb");
    if (text == NULL || file == NULL) {
        fprintf(stderr, "judge: can not read %s\n", path);
        exit(2);
    }
    *len = fread(text, 1, POLICY_ROOM, file);
    fclose(file);
    return text;
}

/* Not static: callgrind knows it by its name. */
const char *judge(const char *settings, size_t len, const char *path);
const char *judge(const char *settings, size_t len, const char *path)
{
    const char *verdict = "misuse";
    ozc_policy *policy = ozc_policy_new();
    ozc_policy_set_mode(policy, OZC_ALL_FAULTS);
    if (ozc_policy_load_json(policy, settings, len, NULL) == OZC_VALID) {
        ozc_call call = OZC_CALL_INIT;
        ozc_report *report = NULL;
        call.time = OZC_TIME_GIVEN;
        call.now = AT;
        ozc_result result = ozc_validate_file(policy, path, &call, &report);
        const ozc_rule *rule = ozc_report_rule(report);
        char *json = ozc_render_json(report, path);
        char *text = ozc_render_text(report, path, 1);
        verdict = rule != NULL ? rule->id : result == OZC_VALID && json != NULL && text != NULL ? "valid" : "failed";
        ozc_free(json);
        ozc_free(text);
        ozc_report_free(report);
    }
    ozc_policy_free(policy);
    return verdict;
}

/* Of this program alone: what getrusage() says begins with the memory of the process that started it. */
static void print_peak(void)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            printf("%ld\n", strtol(line + 6, NULL, 10));
    if (status != NULL)
        fclose(status);
}

int main(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        size_t len = 0;
        char *settings = read_policy(argv[i], &len);
        puts(judge(settings, len, argv[i + 1]));
        free(settings);
    }
    print_peak();
    return 0;
}
