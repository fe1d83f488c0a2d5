/*
 * ozcapsula policy show and policy check. Guarantees that what show prints is the whole of the policy that check would
 * judge by, in the form of a policy file that needs no other; and that policy check takes exactly what check --policy
 * takes. What a setting may be is the library's to say.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "settings.h"
#include "text.h"

static const cli_option show_options[] = {
    SETTING_OPTIONS,
    {0, 0, NULL, NULL, NULL},
};

static const char show_about[] =
    "Prints the whole policy that check would judge by with these options, defaults included, as a policy file: keys "
    "stand "
    "in it as PEM, with their SHA-256. It can be given to --policy again.\n"
    "\n"
    "Exit status: 0 it is printed, 2 wrong usage or settings, 3 out of memory, or it cannot be written.";

static const char check_about[] =
    "Says whether each FILE is a policy: every setting known, every value allowed, every key file there and a key. "
    "What is "
    "wrong is told with line and column. What a policy alone leaves open (a key that an option has to give) is told "
    "too, "
    "and is no fault.\n"
    "\n"
    "Exit status: 0 each is one, 2 at least one is not, or wrong usage, 3 out of memory, or it cannot be written.";

static ozc_result show(const settings *given)
{
    const char *why = NULL;
    ozc_result result = OZC_MISUSE;
    ozc_policy *policy = settings_policy(given, &result);
    if (!policy)
        return result;
    char *json = ozc_policy_json(policy);
    if (json)
        (void)fputs(json, stdout);
    else
        complain("out of memory");
    if (json && ozc_policy_ready(policy, &why) != OZC_VALID)
        complain("this policy cannot judge yet: %s", why);
    result = json ? OZC_VALID : OZC_FAILED;
    ozc_free(json);
    ozc_policy_free(policy);
    return result;
}

static ozc_result run_show(const command *self, int argc, char **argv)
{
    settings given = {.policy = NULL};
    cli_args args = cli_begin(self->name, show_options, argc, argv);
    int option = ARG_END;
    bool good = true;
    while (good && (option = cli_next(&args)) > 0)
        good = settings_take(&given, option, args.value);
    ozc_result result = OZC_MISUSE;
    if (good && option == ARG_HELP) {
        help_command(self);
        result = OZC_VALID;
    } else if (good && option == ARG_END && args.operands > 0) {
        complain("policy show takes no operand; a policy file is given by --policy FILE");
    } else if (good && option == ARG_END) {
        result = show(&given);
    }
    settings_free(&given);
    return result;
}

static ozc_result check_file(const char *path)
{
    const char *why = NULL;
    ozc_policy *policy = required(ozc_policy_new());
    ozc_result result = settings_load_file(policy, "", path);
    char *name = required(ozc_plain_text(path));
    if (result == OZC_VALID && ozc_policy_ready(policy, &why) == OZC_VALID)
        (void)printf("%s: valid\n", name);
    else if (result == OZC_VALID)
        (void)printf("%s: valid, but not enough alone: %s\n", name, why);
    ozc_free(name);
    ozc_policy_free(policy);
    return result;
}

static ozc_result run_check(const command *self, int argc, char **argv)
{
    cli_args args = cli_begin(self->name, self->options, argc, argv);
    int option = cli_next(&args);
    if (option == ARG_HELP) {
        help_command(self);
        return OZC_VALID;
    }
    if (option == ARG_WRONG)
        return OZC_MISUSE;
    if (args.operands == 0) {
        complain("FILE is missing; see ozcapsula help policy check");
        return OZC_MISUSE;
    }
    ozc_result result = OZC_VALID;
    for (int i = 0; i < args.operands; i++)
        if (check_file(argv[i]) != OZC_VALID)
            result = OZC_MISUSE;
    return result;
}

const command command_policy_show = {"policy show", "",           "the whole policy that check would judge by",
                                     show_about,    show_options, run_show};

const command command_policy_check = {"policy check", "FILE...",  "whether a file is a policy",
                                      check_about,    no_options, run_check};
