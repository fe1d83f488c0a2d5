// The same program in C++, 11 and later.
#include <cstdio>
#include <memory>

#include <ozcapsula.h>

namespace
{

struct release {
    void operator()(ozc_policy *policy) const
    {
        ozc_policy_free(policy);
    }
    void operator()(ozc_report *report) const
    {
        ozc_report_free(report);
    }
    void operator()(char *text) const
    {
        ozc_free(text);
    }
};

} // namespace

int main(int argc, char **argv)
{
    static const char settings[] = "{\"issuers\": [{\"file\": \"TEST-issuer-p384.pub\"}],"
                                   " \"signers\": [{\"file\": \"TEST-signer-p384.pub\"}]}";
    if (ozc_version_number() != OZC_VERSION_NUMBER || argc != 3)
        return OZC_MISUSE;
    std::unique_ptr<ozc_policy, release> policy(ozc_policy_new());
    if (ozc_policy_load_json(policy.get(), settings, sizeof settings - 1, argv[1]) != OZC_VALID)
        return OZC_MISUSE;
    ozc_call call = OZC_CALL_INIT;
    call.time = OZC_TIME_ISSUED;
    ozc_report *found = nullptr;
    ozc_result result = ozc_validate_file(policy.get(), argv[2], &call, &found);
    std::unique_ptr<ozc_report, release> report(found);
    std::unique_ptr<char, release> body(ozc_render_oz(report.get(), 1));
    std::printf("%d %s\n", ozc_report_http_status(report.get(), OZC_API_OZ), body ? body.get() : "valid");
    return result;
}
