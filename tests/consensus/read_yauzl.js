// Reads archives by yauzl: node read_yauzl.js FOLDER, where FOLDER holds its node_modules. Paths come line by line on
// standard input; readers.py says what is printed. It judges nothing.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const yauzl = require(path.resolve(process.argv[2], 'node_modules/yauzl'));

const hex = (text) => Buffer.from(text, 'utf8').toString('hex');

function read(file) {
    return new Promise((resolve) => {
        const lines = [`reader yauzl ${hex(file)}`];
        let archive = null;
        let ended = false;
        const end = (fault) => {
            if (ended) return;
            ended = true;
            if (fault) lines.push(`refused ${hex(String(fault))}`);
            lines.push('end');
            if (archive) archive.close();
            resolve(lines);
        };
        yauzl.open(file, {lazyEntries: true, autoClose: false}, (fault, opened) => {
            if (fault) return end(fault);
            archive = opened;
            archive.on('error', end);
            archive.on('end', () => end(null));
            archive.on('entry', (entry) => {
                lines.push(`listed ${entry.uncompressedSize} ${hex(entry.fileName)}`);
                archive.openReadStream(entry, (refused, stream) => {
                    if (refused) return end(refused);
                    const digest = crypto.createHash('sha256');
                    let size = 0;
                    stream.on('error', end);
                    stream.on('data', (piece) => {
                        digest.update(piece);
                        size += piece.length;
                    });
                    stream.on('end', () => {
                        lines.push(`unpacked ${size} ${digest.digest('hex')} ${hex(entry.fileName)}`);
                        archive.readEntry();
                    });
                });
            });
            archive.readEntry();
        });
    });
}

async function main() {
    for (const file of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
        const lines = await read(file);
        fs.writeSync(1, lines.join('\n') + '\n');
    }
}

main();
