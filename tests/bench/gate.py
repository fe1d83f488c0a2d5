"""
The gate: instructions counted by callgrind, which do not hang on what else the machine does.

usage: gate.py OZCAPSULA FOLDER [--update]

1. Linear cost: with n, 2n and 4n bytes of media, entries (each with its line of the hash list) and payload members, what
   the second doubling adds is at most 2.1 times what the first one added, libraries included.
2. No regression: the instructions of the program's own code (not those of OpenSSL, libzip, cJSON and the C library, which go
   by processor and version) for a fixed set of containers are at most 5 % over tests/bench/instructions.json. --update writes
   that file anew, for the compiler of Debian 12.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys

AT = 1767225600
MOST_GROWTH = 2.1
MOST_OVER = 1.05
LEAST_OF = 0.8
RECORDED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")


def run(argv, **options):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options).stdout


class Gate:
    def __init__(self, program, folder):
        self.program = os.path.abspath(program)
        self.folder = os.path.abspath(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        for name in ("issuer", "signer"):
            run(["openssl", "genpkey", "-algorithm", "Ed25519", "-out", self.path(name + ".key")])
            run(["openssl", "pkey", "-in", self.path(name + ".key"), "-pubout", "-out", self.path(name + ".pub")])
        self.write("token", run([self.program, "token", "issue", "--sign-with", self.path("issuer.key"), "--jti", "gate",
                                 "--at", str(AT)]))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def pack(self, name, media, members=0):
        """A container of media of those sizes, and a payload with so many members that nobody looks at."""
        payload = {f"member-{i}": [i, str(i)] for i in range(members)}
        noise = random.Random(name)
        files = [self.write(f"{name}-{i:04}.bin", noise.randbytes(size)) for i, size in enumerate(media)]
        out = self.path(name + ".ozc")
        run([self.program, "pack", "--payload", self.write("payload.json", json.dumps(payload).encode()), "--token",
             self.path("token"), "--sign-with", self.path("signer.key"), "-o", out, *files])
        return out

    def count(self, container):
        """Instructions of one check: all of them, and those of the program's own code. In the folder itself and with an empty
        environment, for the length of paths and variables counts too."""
        profile = self.path("callgrind.out")
        run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", self.program, "check", "-q", "-j", "1",
             "--at", str(AT + 60), "--trust-issuer", "issuer.pub", "--trust-signer", "signer.pub",
             os.path.basename(container)], cwd=self.folder, env={"PATH": os.environ["PATH"]})
        return read_profile(profile, os.path.basename(self.program))

    def judge_growth(self):
        """Is the cost linear in the size of each thing that a sender chooses?"""
        good = True
        for what, pack in (("bytes of media", lambda n: self.pack(f"bytes-{n}", [n << 20])),
                           ("entries", lambda n: self.pack(f"entries-{n}", [100] * (30 * n))),
                           ("payload members", lambda n: self.pack(f"members-{n}", [100], 1500 * n))):
            totals = [self.count(pack(n))[0] for n in (1, 2, 4)]
            growth = (totals[2] - totals[1]) / (totals[1] - totals[0])
            good = good and growth <= MOST_GROWTH
            print(f"{'ok' if growth <= MOST_GROWTH else 'NOT OK'}  {what}: doubling again adds {growth:.3f} times as much"
                  f" (at most {MOST_GROWTH}); instructions {totals}")
        return good

    def judge_regression(self, update):
        counts = {name: self.count(self.pack(name, media, members))[1] for name, media, members in (
            ("one-small-medium", [5000], 0), ("one-medium-of-4-MiB", [4 << 20], 0), ("hundred-media", [1000] * 100, 0),
            ("large-payload", [1000], 4000))}
        if update:
            with open(RECORDED, "w", encoding="ascii") as file:
                json.dump(counts, file, indent=2)
                file.write("\n")
        with open(RECORDED, encoding="ascii") as file:
            recorded = json.load(file)
        good = True
        for name, found in counts.items():
            share = found / recorded[name]
            fine = LEAST_OF <= share <= MOST_OVER
            good = good and fine
            print(f"{'ok' if fine else 'NOT OK'}  {name}: {found} instructions of our own, {share:.3f} of the recorded"
                  f" ({LEAST_OF} to {MOST_OVER}; much less has to be recorded anew, or was not counted)")
        return good


def read_profile(profile, program):
    """Sums a callgrind profile: all of it, and the object of the program. A line behind `calls=` is what a call cost, which
    its own function counts already."""
    names = {}
    total = own = 0
    is_own = is_call = False
    with open(profile, encoding="utf-8", errors="replace") as file:
        for line in file:
            named = re.match(r"(c?)ob=\((\d+)\)(?: (.*))?", line)
            if named:
                if named.group(3):
                    names[named.group(2)] = os.path.basename(named.group(3))
                if not named.group(1):
                    is_own = names[named.group(2)] == program
            elif line.startswith("calls="):
                is_call = True
            elif re.match(r"[+\-*\d]", line):
                if not is_call:
                    cost = int(line.split()[1])
                    total += cost
                    own += cost if is_own else 0
                is_call = False
    return total, own


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--update"]):
        sys.exit(__doc__)
    gate = Gate(sys.argv[1], sys.argv[2])
    growth = gate.judge_growth()
    regression = gate.judge_regression(sys.argv[3:] == ["--update"])
    sys.exit(0 if growth and regression else 1)


if __name__ == "__main__":
    main()
