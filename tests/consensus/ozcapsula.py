"""Asks the program that is tested: ozcapsula check --format ndjson."""
import json
import subprocess

AT_ONCE = 500  # paths on one command line


def check(program, options, paths):
    """{path: the object of docs/cli.md for the container}."""
    answers = {}
    paths = [str(path) for path in paths]
    for start in range(0, len(paths), AT_ONCE):
        asked = paths[start:start + AT_ONCE]
        done = subprocess.run([program, 'check', *options, '--format', 'ndjson', '--', *asked], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        if done.returncode not in (0, 1):
            raise SystemExit(f'{program} check: exit status {done.returncode}: {done.stderr.decode(errors="replace")}')
        answers.update(zip(asked, map(json.loads, done.stdout.decode().splitlines()), strict=False))
    if answers.keys() != set(paths) or not all('result' in answer for answer in answers.values()):
        raise SystemExit(f'{program} check: not one answer for each container')
    return answers
