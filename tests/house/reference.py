#!/usr/bin/python3
"""The API reference builds without a warning, and shows the headers' own words: for every function, structure, member,
enumeration, macro and type. Runs tools/reference and looks at the pages that it makes."""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def words(text):
    return " ".join(re.findall(r"\w+", text))


def described(element):
    """What the page says of it."""
    return words(" ".join("".join(element.find(part).itertext()) for part in ("briefdescription", "detaileddescription")))


def declared():
    """The functions of the headers, each with the first words of the comment above it."""
    functions = {}
    for header in [TOP / "include/ozcapsula.h", *sorted((TOP / "include/ozcapsula").glob("*.h"))]:
        comment = ""
        for block in re.findall(r"/\*.*?\*/|^OZC_API[^;]*;|^$", header.read_text(), re.DOTALL | re.MULTILINE):
            if block.startswith("OZC_API"):
                functions[re.search(r"\b(ozc_\w+)\(", block)[1]] = words(comment)[:60]
            else:
                comment = block
    return functions


def main():
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run(["sh", TOP / "tools/reference", folder], check=False)
        if made.returncode != 0:
            sys.exit("doxygen warned")
        shown = {}
        for page in pathlib.Path(folder, "xml").glob("*.xml"):
            for compound in ElementTree.parse(page).getroot().iter("compounddef"):
                if compound.get("kind") == "struct" and not described(compound):
                    faults.append(f"{compound.findtext('compoundname')}: no text")
                for member in compound.iter("memberdef"):
                    name = member.findtext("name")
                    shown[name] = described(member)
                    if not shown[name]:
                        faults.append(f"{name}: no text")
        functions = declared()
        for name, beginning in functions.items():
            if beginning == "" or beginning not in shown.get(name, ""):
                faults.append(f"{name}: its text does not begin with that of the header: {beginning!r}, {shown.get(name)!r}")
        html = "".join(page.read_text() for page in pathlib.Path(folder, "html").glob("*.html"))
        faults += [f"{name}: not in the HTML" for name in functions if f"{name}()</h2>" not in html]
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(functions)} functions and {len(shown)} names in all, each with its text")


main()
