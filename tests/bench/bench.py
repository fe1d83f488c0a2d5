"""
The benchmark: ozcapsula beside the tools that people would use instead, as ratios measured in turn in the same run.

usage: bench.py OZCAPSULA FOLDER [ROUNDS]

Makes its own containers in FOLDER (about 600 MB), runs each command of a comparison once in every round, in turn, so that
what else the machine does meets all of them alike, and prints medians with their spread (minimum to maximum). Ratios are
medians of the ratios of each round. Nothing here is a test: figures hang on the machine, tests/bench/gate.py does not.
"""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

AT = 1767225600
MIB = 1 << 20


def run(argv, **options):
    return subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)


def measure(argv):
    """Seconds on the wall and on processors of one run, which has to succeed."""
    start = time.perf_counter()
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench: {' '.join(argv)} ended with {child.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime


def peak_memory(argv):
    """KiB. By time(1): a child of this process would begin with the memory of a Python."""
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *argv], check=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    return int(done.stderr.split()[-1])


class Row:
    """The runs of one command."""

    def __init__(self, name, argv):
        self.name = name
        self.argv = argv
        self.seconds = []
        self.memory = peak_memory(argv)

    def once(self):
        self.seconds.append(measure(self.argv)[0])

    def ratio_to(self, other):
        return statistics.median(a / b for a, b in zip(self.seconds, other.seconds))

    def text(self):
        ms = [1000 * s for s in self.seconds]
        return f"{statistics.median(ms):.1f} ms ({min(ms):.1f} to {max(ms):.1f})"


def in_turn(rows, rounds):
    for row in rows:
        measure(row.argv)  # page cache and linker, once
    for _ in range(rounds):
        for row in rows:
            row.once()


class Bench:
    def __init__(self, program, folder, rounds):
        self.program = os.path.abspath(program)
        self.folder = os.path.abspath(folder)
        self.rounds = rounds
        os.makedirs(self.folder, exist_ok=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make_keys(self):
        for name in ("issuer", "signer"):
            run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out",
                 self.path(name + ".key")])
            run(["openssl", "pkey", "-in", self.path(name + ".key"), "-pubout", "-out", self.path(name + ".pub")])
        token = subprocess.run([self.program, "token", "issue", "--sign-with", self.path("issuer.key"), "--at", str(AT)],
                               check=True, stdout=subprocess.PIPE)
        with open(self.path("token"), "wb") as file:
            file.write(token.stdout)
        with open(self.path("payload.json"), "w", encoding="ascii") as file:
            file.write('{"analyses": [{"type": "quality"}]}')

    def pack(self, name, size, count):
        """A container of `count` media that are `size` bytes together."""
        out = self.path(name + ".ozc")
        media = self.path("media-" + name)
        noise = random.Random(name)
        shutil.rmtree(media, ignore_errors=True)
        os.mkdir(media)
        files = [os.path.join(media, f"shot-{i:03}.bin") for i in range(count)]
        for file in files:
            with open(file, "wb") as to:
                left = size // count
                while left > 0:
                    to.write(noise.randbytes(min(left, MIB)))
                    left -= MIB
        run([self.program, "pack", "--payload", self.path("payload.json"), "--token", self.path("token"), "--sign-with",
             self.path("signer.key"), "-o", out, *files])
        return out

    def check(self, *paths, jobs=1, policy=None):
        argv = [self.program, "check", "-q", "-j", str(jobs), "--at", str(AT + 60), "--trust-issuer",
                self.path("issuer.pub"), "--trust-signer", self.path("signer.pub")]
        return argv + (["--policy", policy] if policy else []) + list(paths)

    def compare_tools(self, name, out):
        rows = [Row("openssl dgst -sha256", ["openssl", "dgst", "-sha256", out]),
                Row("ozcapsula check", self.check(out)),
                Row("unzip -t", ["unzip", "-tq", out])]
        if shutil.which("7z"):
            rows.append(Row("7z t", ["7z", "t", out]))
        jar = self.sign_jar(name)
        if jar:
            rows.append(Row("jarsigner -verify", ["jarsigner", "-verify", jar]))
        in_turn(rows, self.rounds)
        for row in rows:
            print(f"| {name} | {row.name} | {row.text()} | {row.ratio_to(rows[0]):.2f} | {row.memory / 1024:.1f} MiB |")

    def sign_jar(self, name):
        """The same media as a signed JAR, where there are the tools for it."""
        if not shutil.which("jarsigner") or not shutil.which("keytool"):
            return None
        store = self.path("store.p12")
        if not os.path.exists(store):
            run(["keytool", "-genkeypair", "-keyalg", "EC", "-groupname", "secp384r1", "-alias", "a", "-dname", "CN=bench",
                 "-keystore", store, "-storepass", "benchmark"])
        jar = self.path(name + ".jar")
        if os.path.exists(jar):
            os.unlink(jar)
        run(["zip", "-q", "-0", "-r", jar, "."], cwd=self.path("media-" + name))
        run(["jarsigner", "-keystore", store, "-storepass", "benchmark", jar, "a"])
        return jar

    def verifications_a_second(self):
        out = subprocess.run(["openssl", "speed", "-seconds", "2", "ecdsap384"], check=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True).stdout
        return float(re.search(r"nistp384\)\s+\S+\s+\S+\s+\S+\s+(\S+)", out).group(1))

    def small_ones(self, small, count=1000):
        """Containers a second, as a share of half the P-384 verifications a second; one thread against two. The share is
        one of processor time, which is what openssl speed goes by."""
        folder = self.path("many")
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        for i in range(count):
            os.link(small, os.path.join(folder, f"{i:04}.ozc"))
        shares, gains, rates = [], [], []
        for _ in range(self.rounds):
            floor = self.verifications_a_second() / 2
            wall, processor = measure(self.check(folder))
            rates.append(count / wall)
            shares.append(count / processor / floor)
            gains.append(wall / measure(self.check(folder, jobs=2))[0])
        print(f"| containers of {os.path.getsize(small)} bytes, a second, one thread | {self.spread(rates, '.0f')} |")
        print(f"| as a share of half the P-384 verifications a second (openssl speed) | {self.spread(shares)} |")
        print(f"| many small ones: two threads (-j 2) against one | {self.spread(gains)} |")

    def threads_within(self, out):
        """One container of many media: a policy with two threads against one with one."""
        policy = self.path("two-threads.json")
        with open(policy, "w", encoding="ascii") as file:
            json.dump({"threads": 2}, file)
        rows = [Row("openssl", ["openssl", "dgst", "-sha256", out]), Row("one", self.check(out)),
                Row("two", self.check(out, policy=policy))]
        in_turn(rows, self.rounds)
        gains = [a / b for a, b in zip(rows[1].seconds, rows[2].seconds)]
        name = os.path.basename(out)
        print(f"| {name}: a policy with two threads against one | {self.spread(gains)} |")
        print(f"| {name}: two threads, time against openssl dgst | {rows[2].ratio_to(rows[0]):.2f} |")
        print(f"| {name}: two threads, peak memory | {rows[2].memory / 1024:.1f} MiB |")

    def cold_start(self, small):
        row = Row("check", self.check(small))
        in_turn([row], 5 * self.rounds)
        print(f"| from the start of the program to the verdict of one small container | {row.text()} |")

    @staticmethod
    def spread(figures, form=".2f"):
        return f"{statistics.median(figures):{form}} ({min(figures):{form}} to {max(figures):{form}})"

    def all(self):
        self.make_keys()
        print("| container | command | median (minimum to maximum) | against openssl dgst | peak memory |")
        print("|---|---|---|---|---|")
        containers = {}
        for name, size, count in (("small-7kB", 5 * 1024, 1), ("2MB", 2 * MIB, 1), ("20MB", 20 * MIB, 1),
                                  ("20MB-100-media", 20 * MIB, 100), ("256MiB", 256 * MIB, 1),
                                  ("256MiB-100-media", 256 * MIB, 100)):
            containers[name] = self.pack(name, size, count)
            self.compare_tools(name, containers[name])
        print("\n| what | median (minimum to maximum) |")
        print("|---|---|")
        self.small_ones(containers["small-7kB"])
        self.threads_within(containers["256MiB-100-media"])
        self.threads_within(containers["256MiB"])
        self.cold_start(containers["small-7kB"])


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    Bench(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else 7).all()
