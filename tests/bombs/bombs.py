"""
Bombs: what a sender can make large, deep or many, judged in time linear in its size and in bounded memory.

usage: bombs.py BUILD FOLDER [WORD...]

BUILD has a release of libozcapsula.a. Each bomb is made in FOLDER at three sizes, n, 2n and 4n, and judged with all
faults by judge.c, which is built there too. Its verdict has to be the expected one at each size.

  time    instructions counted by callgrind, which do not hang on what else the machine does. What the second doubling
          adds is at most 2.3 times what the first one added: linear cost adds twice as much, n log n at these sizes up
          to 2.25 times, n^2 four times as much. What a bomb adds that is refused unread ("flat") is noise: under
          100,000. And it is at most 1,000 instructions for each byte more
  memory  the peak of the resident memory at 4n above that of a small container, against a bound of each bomb's own

With WORDs, only bombs whose name has one of them.
"""
import concurrent.futures
import json
import os
import re
import resource
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # leaves nothing behind in the tree

import bombs_archive  # noqa: E402
import bombs_content  # noqa: E402
import bombs_parts  # noqa: E402
from bomb import GROWTH, KEYS, ed25519  # noqa: E402

NOISE = 100000
HERE = os.path.dirname(os.path.abspath(__file__))
BOMBS = bombs_archive.BOMBS + bombs_content.BOMBS + bombs_parts.BOMBS


def run(*argv, **options):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options).stdout


def build_judge(build, judge):
    libraries = run('pkg-config', '--libs', 'libzip', 'libcrypto', 'libcjson', 'libdeflate').split()
    run('cc', '-O2', '-I', os.path.join(HERE, '../../include'), os.path.join(HERE, 'judge.c'),
        os.path.join(build, 'libozcapsula.a'), *libraries, '-lpthread', '-o', judge)


class Range:
    """A folder where one bomb is set off."""

    def __init__(self, folder, judge):
        self.folder = folder
        self.program = judge
        os.makedirs(folder)
        with open(self.path('small.ozc'), 'wb') as file:
            file.write(ed25519())
        self.small = [self.write_policy('small.json', {}, None), 'small.ozc']

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_policy(self, name, changes, limits):
        def key(role):
            return {'key': (KEYS / f'TEST-{role}-ed25519.pub').read_text()}
        if not isinstance(changes, bytes):
            policy = {'issuers': [key('issuer')], 'signers': [key('signer')], 'limits': limits or {}, **changes}
            changes = json.dumps(policy, separators=(',', ':')).encode()
        with open(self.path(name), 'wb') as file:
            file.write(changes)
        return name

    def memory(self, pair):
        """The peak in bytes, where nothing else is judged by the same process."""
        return int(run(self.program, *pair, cwd=self.folder).split()[-1]) * 1024

    def count(self, pairs):
        """The instructions that each pair takes, and what it comes to. A small container goes before them, for what is
        done once in a process."""
        found = run('valgrind', '--tool=callgrind', '--callgrind-out-file=profile', '--toggle-collect=judge',
                    '--dump-after=judge', self.program, *self.small, *sum(pairs, []), cwd=self.folder).split()[1:-1]
        counts = []
        for i in range(len(pairs)):
            with open(self.path(f'profile.{i + 2}'), encoding='utf-8', errors='replace') as file:
                counts.append(int(re.search(r'^totals: (\d+)', file.read(), re.MULTILINE).group(1)))
        return counts, found

    def make(self, bomb, i):
        """Policy and container of n * 2^i."""
        n = bomb.n << i
        with open(self.path(f'{i}.ozc'), 'wb') as file:
            made = bomb.make(n, file) if bomb.make.__code__.co_argcount == 2 else bomb.make(n)
            file.write(made or b'')
        return [self.write_policy(f'{i}.json', bomb.policy(n) if bomb.policy else {}, bomb.limits), f'{i}.ozc']

    def judge(self, bomb):
        """A row of the table, and whether the bomb is harmless."""
        pairs = [self.make(bomb, i) for i in range(3)]
        counts, found = self.count(pairs)
        sizes = [sum(os.path.getsize(self.path(name)) for name in pair) for pair in pairs]
        memory = max(0, self.memory(pairs[2]) - self.memory(self.small)) / (1 << 20)
        first, second = counts[1] - counts[0], counts[2] - counts[1]
        growth = second / first if first > NOISE else 0
        per_byte = second / (sizes[2] - sizes[1]) if second > NOISE else 0
        faults = [f'expected {bomb.verdict}, found {one}' for one in sorted(set(found)) if one != bomb.verdict]
        if growth > bomb.growth or (growth == 0 and second > GROWTH * NOISE):
            faults.append('growth')
        if per_byte > bomb.per_byte:
            faults.append('instructions a byte')
        if memory > bomb.memory:
            faults.append('memory')
        columns = [bomb.name, bomb.verdict, sizes[2], *(f'{count / 1e6:.2f}' for count in counts),
                   f'{growth:.2f}' if growth else '-', f'{bomb.growth:.1f}' if bomb.growth else 'flat',
                   f'{per_byte:.0f}', bomb.per_byte, f'{memory:.1f}', bomb.memory,
                   'NOT OK: ' + '; '.join(faults) if faults else 'ok']
        return f'| {" | ".join(map(str, columns))} |', not faults


def set_off(bomb, folder, judge):
    row_and_verdict = Range(folder, judge).judge(bomb)
    shutil.rmtree(folder)
    return row_and_verdict


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    bombs = [bomb for bomb in BOMBS if not sys.argv[3:] or any(word in bomb.name for word in sys.argv[3:])]
    folder = os.path.abspath(sys.argv[2])
    judge = os.path.join(folder, 'judge')
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    build_judge(sys.argv[1], judge)
    columns = ['bomb', 'verdict', 'bytes at 4n', 'million instructions at n', 'at 2n', 'at 4n', 'growth', 'at most',
               'instructions a byte', 'at most', 'MiB at 4n', 'at most', '']
    print('|', ' | '.join(columns), '|\n|' + '---|' * len(columns))
    harmless = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folders = [os.path.join(folder, str(i)) for i in range(len(bombs))]
        for row, is_harmless in pool.map(set_off, bombs, folders, [judge] * len(bombs)):
            print(row, flush=True)
            harmless += is_harmless
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f'\n{len(bombs)} bombs, {harmless} of them harmless; '
          f'{used.ru_utime + used.ru_stime:.0f} s of processor time')
    shutil.rmtree(folder)
    sys.exit(0 if bombs and harmless == len(bombs) else 1)


if __name__ == '__main__':
    main()
