/* A program of somebody else: stranger FOLDER-OF-KEYS CONTAINER prints the HTTP status and the error body, or "valid".
 */
#include <ozcapsula.h>
#include <stdio.h>

/* A name that the library has inside, too: it must not meet it (tests/install/run). */
int json_read(void);

int json_read(void)
{
    return 0;
}

int main(int argc, char **argv)
{
    static const char settings[] = "{\"issuers\": [{\"file\": \"TEST-issuer-p384.pub\"}],"
                                   " \"signers\": [{\"file\": \"TEST-signer-p384.pub\"}]}";
    if (ozc_version_number() != OZC_VERSION_NUMBER || argc != 3)
        return json_read() + OZC_MISUSE;
    ozc_policy *policy = ozc_policy_new();
    ozc_report *report = NULL;
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_ISSUED;
    ozc_result result = OZC_MISUSE;
    if (ozc_policy_load_json(policy, settings, sizeof settings - 1, argv[1]) == OZC_VALID)
        result = ozc_validate_file(policy, argv[2], &call, &report);
    char *body = ozc_render_oz(report, 1);
    printf("%d %s\n", ozc_report_http_status(report, OZC_API_OZ), body != NULL ? body : "valid");
    ozc_free(body);
    ozc_report_free(report);
    ozc_policy_free(policy);
    return (int)result;
}
