#!/usr/bin/python3
"""Turns the plain comments of a public header into those of Doxygen: filter.py HEADER, to standard output.

The first comment of a file documents the file. One that starts a line documents every declaration below it, up to an
empty line or the next comment; one that is set in documents the member below it; one behind a member or a declaration
documents that. A line of a comment that starts with a word, set in and parted by two spaces or more from the rest, is an
item of a list.
"""
import re
import sys

DECLARATION = re.compile(r"(OZC_API|typedef|#define) ")


def marked_up(line):
    """A line of a comment: nothing in it is a command or a tag to Doxygen, and items are items."""
    line = re.sub(r"^ *\*(?= |$)", "", line)
    line = re.sub(r"([\\@<>%#])", r"\\\1", line)
    item = re.match(r" {2,3}(\w+(?: \w+)?) {2,}(\S.*)", line)
    return f" - `{item[1]}` {item[2]}" if item else line


def documentation(comment, opening):
    """A comment, from /* to */, as one that Doxygen reads."""
    lines = comment.removeprefix("/*").removesuffix("*/").split("\n")
    return opening + "\n".join(marked_up(line) for line in lines) + "*/\n"


def filtered(lines):
    opening = "/** @file\n"
    above = ""  # documents the declarations that come now
    for line in lines:
        start = line.find("/*")
        if start < 0 or line.startswith("#include"):
            above = above if line.strip() else ""
            yield above + line if DECLARATION.match(line) else line
            continue
        comment = line[start:]
        while "*/" not in comment:
            comment += next(lines)
        comment = comment.rstrip("\n")
        if line[:start].strip():
            yield line[:start] + documentation(comment, "/**<")
        elif start > 0 or opening != "/**":
            yield documentation(comment, opening)
        else:
            above = documentation(comment, opening)
        opening = "/**"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as header:
        sys.stdout.writelines(filtered(iter(header.readlines())))
