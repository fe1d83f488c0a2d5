#!/usr/bin/python3
"""The SBOM is of the form of CycloneDX 1.5 and names just what is loaded: sbom.py BUILD. The witnesses are the memory map
of a process that has loaded the library, sha256sum and dpkg-query."""
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def output(*command, **environment):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}).stdout


def of_sha256(path):
    return output("sha256sum", path).split()[0]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    text = output("/usr/bin/python3", TOP / "tools/sbom.py", build)
    assert text == output("/usr/bin/python3", TOP / "tools/sbom.py", build, TZ="Asia/Tokyo"), "not the same text twice"
    sbom = json.loads(text)
    own = sbom["metadata"]["component"]
    components = sbom["components"]

    # The form: what the specification requires, and what is used of it.
    assert (sbom["bomFormat"], sbom["specVersion"], sbom["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", sbom["serialNumber"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["metadata"]["timestamp"])
    refs = [part["bom-ref"] for part in (own, *components)]
    assert len(set(refs)) == len(refs), "a bom-ref twice"
    edges = {edge["ref"]: edge["dependsOn"] for edge in sbom["dependencies"]}
    assert set(edges) == set(refs) and all(set(below) <= set(refs) for below in edges.values())
    for part in (own, *components):
        assert part["type"] == "library" and part["name"] and part["licenses"][0]["license"]["id"], part
        assert re.fullmatch(r"pkg:(deb/debian|generic)/[^@]+@[^?]+(\?.*)?", part["purl"]), part

    # What is loaded: by a process that has nothing else but libc.
    library = next(build.glob("libozcapsula.so.*.*.*"))
    maps = output("/bin/cat", "/proc/self/maps", LD_PRELOAD=str(library))
    loaded = {pathlib.Path(name) for name in re.findall(r"(/\S+\.so\S*)$", maps, re.M)}
    loaded = {path for path in loaded if path != library and not path.name.startswith("ld-linux")}
    listed = {part["properties"][0]["value"]: part for part in components}
    assert set(listed) == {path.name for path in loaded}, (sorted(listed), sorted(loaded))
    for path in loaded:
        part = listed[path.name]
        package, version = re.match(r"pkg:deb/debian/([^@]+)@([^?]+)", part["purl"]).groups()
        assert part["hashes"] == [{"alg": "SHA-256", "content": of_sha256(path)}], path
        assert output("dpkg-query", "-W", "-f", "${Version}", package) == urllib.parse.unquote(version), part
        assert path.name in output("dpkg", "-L", package), part

    # What the library asks for itself, by objdump.
    asked = set(re.findall(r"NEEDED +(\S+)", output("objdump", "-p", library)))
    direct = {part["properties"][0]["value"] for part in components if part["bom-ref"] in edges[own["bom-ref"]]}
    assert {re.sub(r"(\.so\.\d+).*", r"\1", name) for name in direct} == asked, (direct, asked)

    for file in own["components"]:
        assert file["hashes"][0]["content"] == of_sha256(build / file["name"]), file
    assert {"libozcapsula.a", library.name} <= {file["name"] for file in own["components"]}
    print(f"{len(components)} components, {len(asked)} of them asked for by the library itself: just what is loaded")


main()
