#!/usr/bin/python3
"""Prints what a build is made of, as CycloneDX 1.5 JSON: sbom.py [BUILD=build]. The components are those that the shared
library loads, and what these load, as the files themselves say and as dpkg knows them. The same build gives the same
text. Made for Debian; SOURCE_DATE_EPOCH, or else the last commit, gives the time."""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse
import uuid

TOP = pathlib.Path(__file__).resolve().parent.parent

# By Debian's source package: what the parts of it that are loaded are licensed under.
LICENCES = {
    "bzip2": "bzip2-1.0.6",
    "cjson": "MIT",
    "glibc": "LGPL-2.1-or-later",
    "libdeflate": "MIT",
    "libzip": "BSD-3-Clause",
    "openssl": "Apache-2.0",
    "zlib": "Zlib",
}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=TOP).stdout


def sha256(path):
    return [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]


def licensed(name):
    return [{"license": {"id": name}}]


def needed(path):
    """The names of the libraries that a file asks for."""
    return re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-dW", path))


def places(library):
    """Where the loader finds each library that this one loads."""
    return {name: pathlib.Path(path).resolve() for name, path in re.findall(r"(\S+) => (/\S+)", output("ldd", library))}


def package_of(path):
    """The Debian package that a file came in. Older packages say /lib where /usr/lib is the same folder."""
    names = [str(path), str(path).removeprefix("/usr")]
    found = subprocess.run(["dpkg", "-S", *names], check=False, capture_output=True, text=True).stdout
    if ": " not in found:
        sys.exit(f"sbom.py: {path} is loaded, and is of no Debian package")
    return found.split(": ")[0]


def component(path):
    """The component that a library is, by the Debian package that it came in."""
    fields = "${Package}\n${Version}\n${source:Package}\n${Architecture}\n${source:Upstream-Version}"
    name, version, source, architecture, upstream = output("dpkg-query", "-W", "-f", fields, package_of(path)).split("\n")
    if source not in LICENCES:
        sys.exit(f"sbom.py: {path} is loaded, of {source}: look up its licence and add it to LICENCES")
    release = re.search(r'VERSION_ID="(.*)"', pathlib.Path("/etc/os-release").read_text())[1]
    purl = (f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?arch={architecture}"
            f"&distro=debian-{release}&upstream={urllib.parse.quote(source)}")
    return {
        "type": "library",
        "bom-ref": purl,
        "supplier": {"name": "Debian"},
        "name": source,
        "version": upstream,
        "hashes": sha256(path),
        "licenses": licensed(LICENCES[source]),
        "purl": purl,
        "properties": [{"name": "ozcapsula:file", "value": path.name}],
    }


def loaded(library):
    """All components below a library, each with the refs of those that it loads itself; and those of the library."""
    where = places(library)
    components, edges = {}, {}

    def refs(path):
        names = [name for name in needed(path) if not name.startswith("ld-linux")]
        for name in names:
            if name not in components:
                components[name] = component(where[name])
                edges[name] = refs(where[name])
        return sorted({components[name]["bom-ref"] for name in names})

    direct = refs(library)
    return direct, [components[name] for name in sorted(components)], edges


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else TOP / "build").resolve()
    version = re.search(r'^#define OZC_VERSION "(.*)"', (TOP / "include/ozcapsula.h").read_text(), re.M)[1]
    library = build / f"libozcapsula.so.{version}"
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))
    direct, components, edges = loaded(library)
    ref = f"pkg:generic/ozcapsula@{version}"
    files = [path for path in (library, build / "libozcapsula.a", build / "ozcapsula") if path.exists()]
    sbom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tools": {"components": [{"type": "application", "name": "tools/sbom.py", "version": version}]},
            "component": {
                "type": "library",
                "bom-ref": ref,
                "name": "ozcapsula",
                "version": version,
                "licenses": licensed("Apache-2.0"),
                "purl": ref,
                "components": [{"type": "file", "name": path.name, "hashes": sha256(path)} for path in files],
            },
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": direct}]
        + [{"ref": part["bom-ref"], "dependsOn": edges[name]} for name, part in zip(sorted(edges), components)],
    }
    text = json.dumps(sbom, sort_keys=True)
    sbom["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, text).urn
    print(json.dumps(sbom, indent=2))


main()
