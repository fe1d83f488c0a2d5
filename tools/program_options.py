"""The commands and options of ozcapsula as the program itself tells them: `help` prints the very tables that the parser reads.

What is made from them (completions) or held against them (the manual) takes them from here. A help text that is not of the
known form raises an error, so that nothing is left out silently.
"""
import dataclasses
import re
import subprocess


@dataclasses.dataclass
class Option:
    flags: list    # "-o", "--format"
    value: str     # what its value is called ("FORMAT"); "" where it takes none
    text: str      # what it does
    choices: list  # the words that it takes, where these are all


@dataclasses.dataclass
class Command:
    name: str      # "check", "token issue"
    operands: str  # "PATH..."
    summary: str
    options: list


def _run(program, *words):
    return subprocess.run([program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, env={"LC_ALL": "C"})


def _section(text, title):
    """The lines below a title, continued ones joined."""
    found = []
    for line in text.split(f"\n{title}:\n", 1)[1].split("\n"):
        if re.match(r"  \S", line):
            found.append(line[2:])
        elif found and re.match(r"   +\S", line):
            found[-1] += ("  " if "  " not in found[-1] else " ") + line.strip()
        else:
            break
    return found


def _choices(program, command, flag):
    """A value that is none of those which an option takes is told with all of them; some commands look at operands before."""
    told = _run(program, *command.split(), flag, "?").stderr + _run(program, *command.split(), flag, "?", "x").stderr
    listed = re.search(re.escape(flag) + r" takes ([a-z_]+(?:(?:, | or | and )[a-z_]+)+), not", told)
    return re.split(r", | or | and ", listed.group(1)) if listed else []


def _option(program, command, line):
    label, text = re.split(r"  +", line, maxsplit=1)
    match = re.fullmatch(r"(-\w)?(?:, )?(--[a-z-]+)?(?: (\S+))?", label)
    if not match:
        raise ValueError(f"help {command}: unknown form of an option: {label!r}")
    flags = [flag for flag in match.group(1, 2) if flag]
    value = match.group(3) or ""
    return Option(flags, value, text, _choices(program, command, flags[-1]) if value else [])


def read(program):
    """All commands, in the order of help."""
    commands = []
    for line in _section(_run(program, "help").stdout, "Commands"):
        label, summary = re.split(r"  +", line, maxsplit=1)
        name = re.match(r"[a-z]+(?: [a-z]+)*", label).group()
        about = _run(program, "help", *name.split()).stdout
        options = [_option(program, name, line) for line in _section(about, "Options")] if "\nOptions:\n" in about else []
        commands.append(Command(name, label[len(name):].strip(), summary, options))
    return commands


def topics(program):
    """What explain knows: codes, names and rules, and the checks that the rules are of."""
    text = _run(program, "explain").stdout
    codes = re.findall(r"^ +(\d+)  +\d{3}  ", text, re.M)
    names = re.findall(r"^ +\d+  +\d{3}  ([A-Z_]+(?: [A-Z_]+)*)(?:  |$)", text, re.M)
    rules = re.findall(r"^  ([a-z_]+\.[a-z0-9_]+) ", text, re.M)
    if not codes or not names or not rules:
        raise ValueError("explain: unknown form of the catalogue")
    checks = dict.fromkeys(rule.split(".")[0] for rule in rules)
    return [*dict.fromkeys(codes), *dict.fromkeys(name for name in names if " " not in name), *checks, *rules]
