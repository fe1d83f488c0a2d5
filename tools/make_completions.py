#!/usr/bin/python3
"""Makes the completions of bash, zsh and fish from the program's own help.

    tools/make_completions.py PROGRAM           writes tools/completions/
    tools/make_completions.py PROGRAM --check   fails where a file there is not what it would write
"""
import pathlib
import re
import shlex
import sys

sys.dont_write_bytecode = True
import program_options  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent / "completions"
MADE = "Made by tools/make_completions.py from the program's own help: change the program, not this file."

# Values for which there is nothing to offer.
FREE = {"TEXT", "TIME", "GLOB", "N", "SECONDS", "DURATION", "K", "ID", "I", "A", "[KEY=]TAG[,TAG]", "TYPE[:KEY[,KEY]]"}


def kind(command, option):
    """What an option's value is: none (it takes none), word, list, file, free."""
    if not option.value:
        return "none"
    if option.choices:
        return "list" if "[," in option.value else "word"
    if option.value.endswith("FILE"):
        return "file"
    if option.value in FREE:
        return "free"
    sys.exit(f"{command.name} {option.flags[-1]} {option.value}: add to make_completions.py how such a value is completed")


def operand_kind(command):
    """What is completed where no option is: files, topics, commands, none."""
    names = {"[CODE|NAME|RULE|-]": "topics", "[COMMAND]": "commands", "": "none"}
    if re.search(r"FILE|PATH|MEDIA", command.operands):
        return "files"
    if command.operands not in names:
        sys.exit(f"{command.name} {command.operands}: add to make_completions.py how such an operand is completed")
    return names[command.operands]


def short(text):
    """The first clause of what an option does."""
    return re.split(r"; |\. ", text)[0].rstrip(".")


def words_of(commands):
    """First words, and the second ones behind each."""
    tree = {}
    for command in commands:
        first, *second = command.name.split()
        tree.setdefault(first, []).extend(second)
    return tree


def bash(commands, topics):
    """Plain bash, without the helpers of the package bash-completion."""
    tree = words_of(commands)
    out = [f"# bash completion for ozcapsula. {MADE}", "# shellcheck shell=bash disable=SC2207", "", """\
_ozcapsula_words() { # those of the words that begin as the argument does
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_ozcapsula_list() { # the same for the last word of a list parted by commas
    COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "$1" -- "${cur##*,}"))
}

_ozcapsula_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_ozcapsula() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options=
    COMPREPLY=()
    # --name=VALUE comes in three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = && $COMP_CWORD -ge 3 ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)); then"""]
    out += [f'        _ozcapsula_words "{" ".join(tree)} --version --help"', "        return", "    fi", "    case $command in"]
    for first, seconds in tree.items():
        if seconds:
            out += [f"    {first})", "        if ((COMP_CWORD == 2)); then", f'            _ozcapsula_words "{" ".join(seconds)}"',
                    "            return", "        fi", f'        command="{first} ${{COMP_WORDS[2]}}"', "        ;;"]
    out += ["    esac", '    case "$command $prev" in']
    for command in commands:
        for option in command.options:
            what = kind(command, option)
            pattern = " | ".join(f'"{command.name} {flag}"' for flag in option.flags)
            action = {"word": f'_ozcapsula_words "{" ".join(option.choices)}"', "list": f'_ozcapsula_list "{" ".join(option.choices)}"',
                      "file": "_ozcapsula_files", "free": ":"}
            if what != "none":
                out += [f"    {pattern})", f"        {action[what]}", "        return", "        ;;"]
    out += ["    esac", "    case $command in"]
    operands = {"files": "_ozcapsula_files", "topics": f'_ozcapsula_words "{" ".join(topics)}"',
                "commands": f'_ozcapsula_words "{" ".join(tree)}"', "none": ":"}
    for command in commands:
        flags = " ".join(flag for option in command.options for flag in option.flags)
        out += [f'    "{command.name}")', f'        options="{flags + " " if flags else ""}--help"',
                f"        [[ $cur == -* ]] || {operands[operand_kind(command)]}", "        ;;"]
    return "\n".join([*out, "    esac", '    [[ $cur != -* ]] || _ozcapsula_words "$options"', "}", "",
                      "complete -F _ozcapsula ozcapsula", ""])


def zsh(commands, topics):
    """By _arguments, with what each option does."""
    tree = words_of(commands)

    def spec(command, option):
        does = re.sub(r"([\[\]\\])", r"\\\1", short(option.text))
        value = option.value.replace(":", "\\:")
        action = {"word": f"({' '.join(option.choices)})", "list": f" _values -s , value {' '.join(option.choices)}",
                  "file": "_files", "free": " "}
        many = "*" if "may be repeated" in option.text else ""
        for flag in option.flags:
            joint = "" if not value else "=" if flag.startswith("--") else "+"
            rest = f":{value}:{action[kind(command, option)]}" if value else ""
            yield shlex.quote(f"{many}{flag}{joint}[{does}]{rest}")

    def described(name, summary):
        return shlex.quote(f"{name}:{summary}".replace(f"{name}:", f"{name}\0").replace(":", "\\:").replace("\0", ":"))

    out = ["#compdef ozcapsula", f"# zsh completion for ozcapsula. {MADE}", "", "_ozcapsula() {", "    local -a commands",
           "    if ((CURRENT == 2)); then", "        commands=("]
    for first, seconds in tree.items():
        summary = next(c.summary for c in commands if c.name.split()[0] == first) if not seconds else f"{first} {' or '.join(seconds)}"
        out.append(f"            {described(first, summary)}")
    out += ["        )", "        _describe command commands", "        return", "    fi", "    local command=$words[2]",
            "    case $command in"]
    for first, seconds in tree.items():
        if seconds:
            out += [f"    {first})", "        if ((CURRENT == 3)); then", "            commands=("]
            out += [f"                {described(c.name.split()[1], c.summary)}" for c in commands if c.name.split()[0] == first]
            out += ["            )", "            _describe command commands", "            return", "        fi",
                    "        command+=\" $words[3]\"", "        shift words", "        ((CURRENT--))", "        ;;"]
    out += ["    esac", "    shift words", "    ((CURRENT--))", "    case $command in"]
    operands = {"files": "'*:file:_files'", "topics": shlex.quote(f":topic:({' '.join(topics)})"),
                "commands": shlex.quote(f"*:command:({' '.join(tree)})"), "none": None}
    for command in commands:
        specs = [s for option in command.options for s in spec(command, option)]
        specs += ["'(- *)'{-h,--help}'[explain the command]'", operands[operand_kind(command)]]
        out += [f"    {shlex.quote(command.name)})", "        _arguments -s -S \\"]
        out += [" \\\n".join(f"            {s}" for s in specs if s), "        ;;"]
    return "\n".join([*out, "    esac", "}", "", '_ozcapsula "$@"', ""])


def fish(commands, topics):
    """One line for each thing to offer, with the condition under which it is."""
    tree = words_of(commands)

    def quote(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def line(*words):
        return " ".join(["complete -c ozcapsula", *words])

    out = [f"# fish completion for ozcapsula. {MADE}", "", """\
function __ozcapsula_is -d 'is this the command?'
    set -l words (commandline -opc)
    test "$words[2..]" = "$argv"; or string match -q -- "$argv *" "$words[2..]"
end

function __ozcapsula_begins -d 'are these all words so far?'
    set -l words (commandline -opc)
    test "$words[2..]" = "$argv"
end
""", line("-f")]
    for first, seconds in tree.items():
        summary = next(c.summary for c in commands if c.name.split()[0] == first) if not seconds else f"{first} {' or '.join(seconds)}"
        out.append(line("-n __ozcapsula_begins", f"-a {first}", f"-d {quote(summary)}"))
    for command in commands:
        first, *second = command.name.split()
        if second:
            out.append(line(f"-n '__ozcapsula_begins {first}'", f"-a {second[0]}", f"-d {quote(command.summary)}"))
    for command in commands:
        here = f"-n '__ozcapsula_is {command.name}'"
        for option in command.options:
            flags = " ".join(f"-l {f[2:]}" if f.startswith("--") else f"-s {f[1:]}" for f in option.flags)
            value = {"none": "", "word": f"-x -a {quote(' '.join(option.choices))}", "file": "-r -F", "free": "-x",
                     "list": f"-x -a {quote('(__fish_append , ' + ' '.join(option.choices) + ')')}"}[kind(command, option)]
            out.append(line(here, flags, *([value] if value else []), f"-d {quote(short(option.text))}"))
        out.append(line(here, "-s h -l help", "-d 'explain the command'"))
        operands = {"files": "-F", "topics": f"-a {quote(' '.join(topics))}", "commands": f"-a {quote(' '.join(tree))}"}
        if operand_kind(command) != "none":
            out.append(line(here, operands[operand_kind(command)]))
    return "\n".join([*out, ""])


def main():
    if len(sys.argv) not in (2, 3) or (len(sys.argv) == 3 and sys.argv[2] != "--check"):
        sys.exit(__doc__)
    commands, topics = program_options.read(sys.argv[1]), program_options.topics(sys.argv[1])
    old = []
    for name, make in (("ozcapsula.bash", bash), ("_ozcapsula", zsh), ("ozcapsula.fish", fish)):
        path, text = HERE / name, make(commands, topics)
        if len(sys.argv) == 2:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            old.append(name)
    if old:
        sys.exit(f"tools/completions is not up to date ({', '.join(old)}): run tools/make_completions.py PROGRAM")


if __name__ == "__main__":
    main()
