/**
 * Takes containers by HTTP: node server.js --policy FILE [--port N] [--at SECONDS]
 *
 * POST a container to /containers: 201 with its content id and entries, or the exact error body of the API. --at judges all
 * tokens at that time: for tests, whose tokens are old.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Policy, Report, Store } from './ozcapsula.js';

const { values: options } = parseArgs({
    options: { policy: { type: 'string' }, port: { type: 'string', default: '8080' }, at: { type: 'string' } },
});
const policy = await Policy.load(options.policy);
const usedTokens = new Store(100_000);
const at = options.at === undefined ? null : Number(options.at);

// What the validator would say of the whole (docs/rules.md, archive.limit), with the status that HTTP has for it.
const tooLarge = {
    status: 413,
    body: '{"error_code":14,"error_message":"Data container unpacking failed","details":null}',
};

/** A file that has no name, so that nobody else writes to it. */
async function spoolFile() {
    const folder = await mkdtemp(join(tmpdir(), 'upload-'));
    try {
        return await open(join(folder, 'upload'), 'wx+', 0o600);
    } finally {
        await rm(folder, { recursive: true });
    }
}

/** Whether all of the body has come, and is within the limit. */
async function receive(request, file) {
    let size = 0;
    for await (const piece of request) {
        size += piece.length;
        if (size > policy.containerLimit) return false;
        await file.appendFile(piece);
    }
    return true;
}

/** Status and body for a spooled container. */
async function judge(file) {
    const report = await policy.validate(file.fd, at);
    try {
        if (report.isValid) {
            const accepted = { content_id: report.contentId, entries: report.entries };
            for (const { name } of accepted.entries)
                for await (const piece of report.read(name, file.fd)) void piece; // a service keeps these, and no others
            // Last: what is rejected uses up no token.
            if (report.claim(usedTokens)) return { status: 201, body: JSON.stringify(accepted) };
        }
        return { status: report.httpStatus, body: report.errorBody ?? '' };
    } finally {
        console.error(report.logLine('upload'));
        report.close();
    }
}

/** What the service itself could not do: 500. */
function failed(error) {
    console.error(error);
    const report = Report.failed(error.message);
    const answer = { status: report.httpStatus, body: report.errorBody ?? '' };
    report.close();
    return answer;
}

async function take(request) {
    if (Number(request.headers['content-length'] ?? 0) > policy.containerLimit) return tooLarge;
    const file = await spoolFile();
    try {
        return (await receive(request, file)) ? await judge(file) : tooLarge;
    } finally {
        await file.close();
    }
}

const server = createServer(async (request, response) => {
    if (request.url !== '/containers' || request.method !== 'POST') {
        response.writeHead(request.url === '/containers' ? 405 : 404, { Connection: 'close' }).end();
        return;
    }
    const { status, body } = await take(request).catch(failed);
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: status === 413 ? 'close' : 'keep-alive' });
    response.end(body);
});
server.requestTimeout = 60_000; // milliseconds that a whole upload may take

server.listen(Number(options.port), '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));

// On a signal: nothing new, and what runs may end. Only then are policy and store freed.
process.once('SIGTERM', () => {
    server.close(() => {
        usedTokens.close();
        policy.close();
    });
    server.closeIdleConnections();
});
