/*
 * ozcapsula.hpp - libozcapsula for C++17: handles that free themselves, and one answer for each verdict.
 *
 * One header, to be copied. Settings that are wrong throw when the policy is made; a verdict is never an exception.
 * Threads as for the library: a Policy and a Store may be used by any number at once, a Report by one at a time.
 */
#pragma once

#include <ozcapsula.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ozc
{
/* Settings or arguments that are wrong: a bug or a bad configuration, found at start. */
struct misuse : std::logic_error {
    using std::logic_error::logic_error;
};

template <auto free_function> struct deleter {
    template <typename T> void operator()(T *thing) const noexcept
    {
        free_function(thing);
    }
};
template <typename T, auto free_function> using handle = std::unique_ptr<T, deleter<free_function>>;
using text = handle<char, ozc_free>;

/* What is trusted and allowed. */
class Policy
{
  public:
    /* From a policy file (docs/policy.md); key files are looked up beside it. Throws misuse where it cannot judge. */
    explicit Policy(const std::filesystem::path &path) : policy_(ozc_policy_new())
    {
        std::ifstream file(path, std::ios::binary);
        const std::string json{std::istreambuf_iterator<char>(file), {}};
        if (!file)
            throw misuse(path.string() + ": cannot be read");
        const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
        const char *why = nullptr;
        if (!policy_)
            throw std::bad_alloc();
        if (ozc_policy_load_json(policy_.get(), json.data(), json.size(), folder.c_str()) != OZC_VALID)
            throw misuse(path.string() + ": " + ozc_policy_error(policy_.get()));
        if (ozc_policy_ready(policy_.get(), &why) != OZC_VALID)
            throw misuse(path.string() + ": " + why);
    }

    const ozc_policy *get() const noexcept
    {
        return policy_.get();
    }

  private:
    handle<ozc_policy, ozc_policy_free> policy_;
};

/* The used tokens of this process. */
class Store
{
  public:
    explicit Store(std::size_t capacity) : store_(ozc_store_new_memory(capacity))
    {
        if (!store_)
            throw std::bad_alloc();
    }

    ozc_store *get() const noexcept
    {
        return store_.get();
    }

  private:
    handle<ozc_store, ozc_store_free> store_;
};

struct Entry {
    std::string name;
    std::uint64_t size;
    std::string sha256; /* in hex; empty where it was not read */
};

/* What goes back to the client. */
struct Answer {
    int status;
    std::string body;
};

inline std::string hex(const unsigned char *digest)
{
    std::string digits;
    for (int i = 0; digest != nullptr && i < 32; i++) {
        digits += "0123456789abcdef"[digest[i] >> 4];
        digits += "0123456789abcdef"[digest[i] & 15];
    }
    return digits;
}

/* What was found. */
class Report
{
  public:
    /* What the service itself could not do, answered as the library answers its own failures. */
    static Report failed(const std::string &why)
    {
        return Report(ozc_report_new_failed(why.c_str()));
    }

    /* Of a container in a file. `at`: the time to judge at, instead of the clock's. */
    static Report of_file(const Policy &policy, const std::filesystem::path &path, std::optional<std::int64_t> at = {})
    {
        return made([&](const ozc_call *call,
                        ozc_report **report) { return ozc_validate_file(policy.get(), path.c_str(), call, report); },
                    at);
    }

    /* Of a container in memory, which must not change meanwhile. */
    static Report of_bytes(const Policy &policy, std::string_view bytes, std::optional<std::int64_t> at = {})
    {
        /* A view of nothing may be NULL, which the library refuses: no bytes are bytes too. */
        return made(
            [&](const ozc_call *call, ozc_report **report) {
                return ozc_validate_memory(policy.get(), bytes.empty() ? "" : bytes.data(), bytes.size(), call, report);
            },
            at);
    }

    ozc_result result() const noexcept
    {
        return ozc_report_result(report_.get());
    }

    bool is_valid() const noexcept
    {
        return result() == OZC_VALID;
    }

    /* Uses up the token: the last step before the container is accepted. Whatever it comes to is in the report. */
    bool claim(const Store &used_tokens)
    {
        const ozc_result result = ozc_report_claim(report_.get(), used_tokens.get());
        if (result == OZC_MISUSE)
            throw misuse("claimed the token of a container that is not valid, or whose token was not checked");
        return result == OZC_VALID;
    }

    /* The id of the rule that decided; empty unless rejected. */
    std::string rule() const
    {
        const ozc_rule *rule = ozc_report_rule(report_.get());
        return rule != nullptr ? rule->id : "";
    }

    std::string content_id() const
    {
        return hex(ozc_report_content_id(report_.get()));
    }

    std::vector<Entry> entries() const
    {
        std::vector<Entry> entries;
        for (std::size_t i = 0; i < ozc_report_entry_count(report_.get()); i++) {
            const ozc_entry *entry = ozc_report_entry(report_.get(), i);
            entries.push_back({entry->name, entry->size, hex(entry->sha256)});
        }
        return entries;
    }

    /* The verified bytes of one entry of a valid container, from the very file that was judged. Throws where it has
       changed since, or cannot be read: then nothing of it may be used. */
    std::string read_file(const std::string &entry, const std::filesystem::path &path) const
    {
        ozc_reader *opened = nullptr;
        ozc_result result = ozc_reader_new_file(report_.get(), entry.c_str(), path.c_str(), &opened);
        const handle<ozc_reader, ozc_reader_free> reader(opened);
        std::string bytes;
        std::vector<char> piece(65536);
        std::size_t got = 0;
        do {
            if (result == OZC_VALID)
                result = ozc_reader_read(reader.get(), piece.data(), piece.size(), &got);
            if (result != OZC_VALID)
                throw std::runtime_error(entry + ": cannot be read, or is not what was verified");
            bytes.append(piece.data(), got);
        } while (got > 0);
        return bytes;
    }

    /* The exact error of the API; none when valid. A report that there was no memory for answers 500 too. */
    std::optional<Answer> error() const
    {
        if (is_valid())
            return {};
        const text body(ozc_render_oz(report_.get(), 0));
        return Answer{ozc_report_http_status(report_.get(), OZC_API_OZ), body ? body.get() : ""};
    }

    /* One line for the log; never for a client. */
    std::string log_line(const std::string &name) const
    {
        const text line(ozc_render_json(report_.get(), name.c_str()));
        return line ? line.get() : name;
    }

  private:
    explicit Report(ozc_report *report) noexcept : report_(report)
    {
    }

    template <typename Validate> static Report made(Validate validate, std::optional<std::int64_t> at)
    {
        ozc_call call = OZC_CALL_INIT;
        if (at) {
            call.time = OZC_TIME_GIVEN;
            call.now = *at;
        }
        ozc_report *report = nullptr;
        const ozc_result result = validate(&call, &report);
        Report owner(report);
        if (result == OZC_MISUSE)
            throw misuse("the validator was called with wrong arguments");
        return owner;
    }

    handle<ozc_report, ozc_report_free> report_;
};
} // namespace ozc
