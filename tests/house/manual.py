#!/usr/bin/python3
"""The manual has what the program has, and nothing else: manual.py PROGRAM SOURCE_DIR.

Each command with options has a page ozcapsula-WORD.1, named after its first word, with one `.It Fl -name Ar VALUE` for each
option: below `.Ss COMMAND` where a command has two words and its page is not its own. Every command stands in ozcapsula.1.
"""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[2] + "/tools")
import program_options  # noqa: E402

MANUAL = pathlib.Path(sys.argv[2], "docs/man")


def read_page(name):
    """What the page says: by subsection of OPTIONS ("" where there is none) its options."""
    options, section, subsection = {}, "", ""
    for line in (MANUAL / name).read_text().split("\n"):
        if line.startswith(".Sh "):
            section, subsection = line[4:], ""
        elif line.startswith(".Ss "):
            subsection = line[4:]
        elif section == "OPTIONS" and line.startswith(".It "):
            match = re.fullmatch(r"\.It Fl (-?[a-z-]+)(?: Ar (\S+))?", line)
            found = f"-{match.group(1)} {match.group(2) or ''}".strip() if match else f"?? {line}"
            options.setdefault(subsection, []).append(found)
    return options


def main():
    commands = program_options.read(sys.argv[1])
    faults, seen = [], {"ozcapsula.1"}
    listed = re.findall(r"^\.It Cm ([a-z ]+)$", (MANUAL / "ozcapsula.1").read_text(), re.M)
    if listed != [command.name for command in commands]:
        faults.append(f"ozcapsula.1 lists the commands {listed}, help {[command.name for command in commands]}")
    for command in commands:
        wanted = [f"{flag} {option.value}".strip() for option in command.options for flag in option.flags]
        name = f"ozcapsula-{command.name.split()[0]}.1"
        if not (MANUAL / name).exists():
            if wanted or command.operands not in ("", "[COMMAND]"):
                faults.append(f"docs/man/{name} is missing")
            continue
        seen.add(name)
        page = read_page(name)
        found = page.get(command.name, page.get("", []))
        faults += [f"{name}: {command.name} has {option}, the page has not" for option in wanted if option not in found]
        faults += [f"{name}: the page has {option}, {command.name} has not" for option in found if option not in wanted]
        subsections = {other.name for other in commands if other.name.split()[0] == command.name.split()[0]} | {""}
        faults += [f"{name}: the page has options of {other}, which is no command" for other in page if other not in subsections]
    faults += [f"docs/man/{page.name} is about no command" for page in MANUAL.glob("*.1") if page.name not in seen]
    sys.exit("\n".join(faults) if faults else 0)


main()
