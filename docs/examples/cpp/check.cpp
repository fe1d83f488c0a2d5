/*
 * check.cpp - what a service would answer: check POLICY [--at SECONDS] CONTAINER...
 *
 * Prints status and body for each container, on a line. A token is taken once: the second container that carries it is
 * answered as a replay. --at judges all tokens at that time: for tests, whose tokens are old.
 */
#include "ozcapsula.hpp"

#include <cstring>
#include <iostream>
#include <sstream>

/* Content id and entries as JSON. Names need no escapes: docs/format.md, section 2.5. */
static ozc::Answer accepted(const ozc::Report &report)
{
    std::ostringstream body;
    body << R"({"content_id":")" << report.content_id() << R"(","entries":[)";
    const char *comma = "";
    for (const ozc::Entry &entry : report.entries()) {
        body << comma << R"({"name":")" << entry.name << R"(","size":)" << entry.size << R"(,"sha256":")"
             << entry.sha256 << R"("})";
        comma = ",";
    }
    body << "]}";
    return {201, body.str()};
}

static ozc::Answer answer(const ozc::Policy &policy, const ozc::Store &used_tokens, const char *path,
                          std::optional<std::int64_t> at)
{
    ozc::Report report = ozc::Report::of_file(policy, path, at);
    try {
        if (report.is_valid()) {
            for (const ozc::Entry &entry : report.entries())
                (void)report.read_file(entry.name, path); /* a service keeps these bytes, and no others */
            report.claim(used_tokens);                    /* last: what is rejected uses up no token */
        }
    } catch (const std::runtime_error &error) {
        report = ozc::Report::failed(error.what()); /* not the container's fault: 500 */
    }
    std::clog << report.log_line(path) << '\n';
    const std::optional<ozc::Answer> error = report.error();
    return error ? *error : accepted(report);
}

int main(int argc, char **argv)
try {
    const bool has_time = argc > 3 && std::strcmp(argv[2], "--at") == 0;
    const int first = has_time ? 4 : 2;
    if (argc <= first) {
        std::cerr << "usage: check POLICY [--at SECONDS] CONTAINER...\n";
        return 2;
    }
    const ozc::Policy policy(argv[1]);
    const ozc::Store used_tokens(100000);
    const auto at = has_time ? std::optional<std::int64_t>(std::stoll(argv[3])) : std::nullopt;
    for (int i = first; i < argc; i++) {
        const ozc::Answer one = answer(policy, used_tokens, argv[i], at);
        std::cout << one.status << ' ' << one.body << '\n';
    }
    return 0;
} catch (const std::exception &error) {
    std::cerr << "check: " << error.what() << '\n';
    return 2;
}
