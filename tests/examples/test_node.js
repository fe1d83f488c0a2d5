// The Node module beyond what the server uses of it: the event loop goes on, and what goes wrong.
// test_node.js FOLDER, with policy.json and big.ozc; lies beside a copy of docs/examples/node/ozcapsula.js.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Changed, Misuse, Policy, Report, Store } from './ozcapsula.js';

const NOW = 1767225660;
const folder = process.argv[2];
const counts = { passed: 0, failed: 0 };

function check(name, got, expected) {
    const same = JSON.stringify(got) === JSON.stringify(expected);
    counts[same ? 'passed' : 'failed']++;
    if (!same) console.log(`FAILED ${name}\n  expected: ${JSON.stringify(expected)}\n  got:      ${JSON.stringify(got)}`);
}

async function thrown(action) {
    try {
        await action();
        return null;
    } catch (error) {
        return error.constructor.name;
    }
}

async function drain(pieces) {
    let size = 0;
    for await (const piece of pieces) size += piece.length;
    return size;
}

const policy = await Policy.load(join(folder, 'policy.json'));
const used = new Store(10);
const file = await open(join(folder, 'big.ozc'), 'r+');

let ticks = 0;
const timer = setInterval(() => ticks++, 2);
const start = performance.now();
const report = await policy.validate(file.fd, NOW);
const milliseconds = Math.round(performance.now() - start);
clearInterval(timer);
console.log(`node: ${ticks} ticks of a timer of 2 ms while 128 MiB were judged in ${milliseconds} ms`);
check('the event loop goes on', ticks >= 5, true);
check('valid', [report.isValid, report.httpStatus, report.errorBody, report.rule], [true, 0, null, null]);

// Many at once, on koffi's threads.
const many = await Promise.all(Array.from({ length: 20 }, () => policy.validate(file.fd, NOW)));
check('many at once', many.map((one) => one.isValid), many.map(() => true));
check('one claim', many.map((one) => one.claim(used)).filter(Boolean).length, 1);
check('replayed', many[1].rule, 'session_token.replayed');
check('claims a rejected one', await thrown(() => many[1].claim(used)), Misuse.name);
many.forEach((one) => one.close());

check('bytes', await drain(report.read('media/photo.png', file.fd)), (128 << 20) + 8);
check('no such entry', await thrown(() => drain(report.read('media/none', file.fd))), Changed.name);
const { size } = await file.stat();
await file.write(Buffer.from('X'), 0, 1, Math.floor(size / 2));
check('changed since', await thrown(() => drain(report.read('media/photo.png', file.fd))), Changed.name);
report.close();

const failed = Report.failed('no disk');
check('failed', [failed.isValid, failed.httpStatus, failed.errorBody],
    [false, 500, '{"error_code":0,"error_message":"Unknown server side error occurred","details":null}']);
failed.close();
for (const settings of ['{"issuers":', '{}', '{"issuers": [{"file": "none"}]}'])
    check(`settings ${settings}`, await thrown(() => new Policy(Buffer.from(settings), folder)), Misuse.name);


// A policy that is closed while a thread judges by it.
const last = policy.validate(file.fd, NOW);
policy.close();
check('closed meanwhile', (await last).rule, 'integrity.crc');
(await last).close();
check('closed', await thrown(() => policy.validate(file.fd, NOW)), Misuse.name);
await file.close();
used.close();
console.log(`node, the module: ${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
