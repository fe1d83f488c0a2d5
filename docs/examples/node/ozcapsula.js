/**
 * libozcapsula for Node, by koffi: one module, to be copied.
 *
 *     const policy = await Policy.load('policy.json');
 *     const usedTokens = new Store(100_000);
 *     const report = await policy.validate(fd);
 *     try {
 *         if (report.isValid && report.claim(usedTokens)) ...   // 201
 *         else ...                                              // report.httpStatus, report.errorBody
 *     } finally {
 *         report.close();
 *     }
 *
 * What takes long runs on koffi's threads and comes as a promise: the event loop goes on. Settings that are wrong throw when
 * the policy is made; a verdict is never an exception. What has a close() is not collected: call it.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import koffi from 'koffi';

const VALID = 0;
const MISUSE = 2;

// The validator's stack, 128 KiB by default here: what deep JSON needs, and room (docs/limits.md).
koffi.config({ ...koffi.config(), async_stack_size: 1024 * 1024 });

// By its soname: found as the system finds libraries (ldconfig, LD_LIBRARY_PATH).
const library = koffi.load('libozcapsula.so.0');

koffi.struct('ozc_call', {
    struct_size: 'size_t', time: 'int', now: 'int64_t', progress: 'void *', user: 'void *', check_done: 'void *',
});
const Call = koffi.sizeof('ozc_call');
// The library's own structures may grow at their end: they are only ever read through a pointer.
const RuleStart = koffi.struct('ozc_rule', { id: 'const char *' });
const EntryStart = koffi.struct('ozc_entry', {
    name: 'const char *', size: 'uint64_t', offset: 'uint64_t', sha256: 'void *',
});

const ozc_free = library.func('void ozc_free(void *text)');
// A text that is the caller's: copied to a string, then freed.
koffi.disposable('ozc_text', 'str', ozc_free);

const c = {
    policyNew: library.func('void *ozc_policy_new()'),
    policyRef: library.func('void *ozc_policy_ref(void *policy)'),
    policyFree: library.func('void ozc_policy_free(void *policy)'),
    policyError: library.func('const char *ozc_policy_error(void *policy)'),
    policyLimit: library.func('uint64_t ozc_policy_limit(void *policy, int limit)'),
    policyLoad: library.func('int ozc_policy_load_json(void *policy, const void *json, size_t len, const char *base)'),
    policyReady: library.func('int ozc_policy_ready(void *policy, _Out_ const char **why)'),
    storeNew: library.func('void *ozc_store_new_memory(size_t capacity)'),
    storeFree: library.func('void ozc_store_free(void *store)'),
    validate: library.func('int ozc_validate_fd(void *policy, int fd, const ozc_call *call, _Out_ void **report)'),
    reportFree: library.func('void ozc_report_free(void *report)'),
    result: library.func('int ozc_report_result(void *report)'),
    rule: library.func('void *ozc_report_rule(void *report)'),
    httpStatus: library.func('int ozc_report_http_status(void *report, int api)'),
    entryCount: library.func('size_t ozc_report_entry_count(void *report)'),
    entry: library.func('void *ozc_report_entry(void *report, size_t index)'),
    contentId: library.func('void *ozc_report_content_id(void *report)'),
    claim: library.func('int ozc_report_claim(void *report, void *store)'),
    renderOz: library.func('ozc_text ozc_render_oz(void *report, int details)'),
    renderJson: library.func('ozc_text ozc_render_json(void *report, const char *path)'),
    newFailed: library.func('void *ozc_report_new_failed(const char *why)'),
    readerNew: library.func('int ozc_reader_new_fd(void *report, const char *entry, int fd, _Out_ void **reader)'),
    readerRead: library.func('int ozc_reader_read(void *reader, void *buffer, size_t len, _Out_ size_t *got)'),
    readerFree: library.func('void ozc_reader_free(void *reader)'),
};
const validate = promisify(c.validate.async);
const readerRead = promisify(c.readerRead.async);

/** Settings or arguments that are wrong: a bug or a bad configuration. */
export class Misuse extends Error {}

/** An entry could not be read, or is not what was verified: nothing of it may be used. */
export class Changed extends Error {}

const hex = (digest) => (digest ? Buffer.from(koffi.decode(digest, koffi.array('uint8_t', 32))).toString('hex') : null);

/** The used tokens of this process, at most `capacity` live ones. */
export class Store {
    constructor(capacity) {
        this.address = c.storeNew(capacity);
        if (!this.address) throw new Misuse(`a store of ${capacity} tokens`);
    }

    close() {
        c.storeFree(this.address);
        this.address = null;
    }
}

/** What was found. Without an address (no memory for one) it answers "failed", never "valid". */
export class Report {
    constructor(address) {
        this.address = address;
    }

    /** What the service itself could not do, answered as the library answers its own failures. */
    static failed(why) {
        return new Report(c.newFailed(why));
    }

    close() {
        c.reportFree(this.address);
        this.address = null;
    }

    get isValid() {
        return c.result(this.address) === VALID;
    }

    /** The id of the rule that decided; null unless rejected. */
    get rule() {
        const rule = c.rule(this.address);
        return rule ? koffi.decode(rule, RuleStart).id : null;
    }

    /** The status to answer with; 0 when valid: the service's own choice. */
    get httpStatus() {
        return c.httpStatus(this.address, 0);
    }

    /** The exact body of the API's error; null when valid. */
    get errorBody() {
        return c.renderOz(this.address, 0);
    }

    get contentId() {
        return hex(c.contentId(this.address));
    }

    get entries() {
        return Array.from({ length: Number(c.entryCount(this.address)) }, (_, i) => {
            const { name, size, sha256 } = koffi.decode(c.entry(this.address, i), EntryStart);
            return { name, size, sha256: hex(sha256) };
        });
    }

    /** Uses up the token: the last step before the container is accepted. What it comes to is in the report. */
    claim(usedTokens) {
        const result = c.claim(this.address, usedTokens.address);
        if (result === MISUSE) throw new Misuse('claimed what is not valid, or whose token was not checked');
        return result === VALID;
    }

    /** The verified bytes of one entry, in pieces, from the very descriptor that was judged. Use none of them before the
        end: there Changed is thrown where they are not what was verified. */
    async *read(entry, fd) {
        const out = [null];
        if (c.readerNew(this.address, entry, fd, out) !== VALID) throw new Changed(`${entry}: cannot be opened`);
        const [reader] = out;
        try {
            for (;;) {
                const buffer = Buffer.allocUnsafeSlow(65536); // not of a pool: a thread writes to it
                const got = [0];
                if ((await readerRead(reader, buffer, buffer.length, got)) !== VALID)
                    throw new Changed(`${entry}: cannot be read, or is not what was verified`);
                if (Number(got[0]) === 0) return;
                yield buffer.subarray(0, Number(got[0]));
            }
        } finally {
            c.readerFree(reader);
        }
    }

    /** One line for the log; never for a client. */
    logLine(name) {
        return c.renderJson(this.address, name) ?? name;
    }
}

/** What is trusted and allowed. */
export class Policy {
    /** From the bytes of a policy file (docs/policy.md); key files that it names are looked up in the folder. */
    constructor(settings, folder) {
        this.address = c.policyNew();
        const why = [null];
        let error = null;
        if (c.policyLoad(this.address, settings, settings.length, folder) !== VALID) error = c.policyError(this.address);
        else if (c.policyReady(this.address, why) !== VALID) error = why[0];
        if (error === null) return;
        this.close();
        throw new Misuse(error);
    }

    static async load(path) {
        return new Policy(await readFile(path), dirname(path));
    }

    close() {
        c.policyFree(this.address);
        this.address = null;
    }

    /** The largest container, in bytes. */
    get containerLimit() {
        return Number(c.policyLimit(this.address, 0));
    }

    /** Judges a regular file by its descriptor. `at`: the time to judge at (seconds since 1970), not the clock's. */
    async validate(fd, at = null) {
        const call = {
            struct_size: Call, time: at === null ? 0 : 1, now: at ?? 0, progress: null, user: null, check_done: null,
        };
        const report = [null];
        const policy = c.policyRef(this.address); // an owner more: close() may come while a thread still judges by it
        try {
            const result = await validate(policy, fd, call, report);
            if (result === MISUSE) throw new Misuse('the validator was called with wrong arguments');
            return new Report(report[0]);
        } finally {
            c.policyFree(policy);
        }
    }
}
