#!/bin/sh
# Installs the npm packages of package-lock.json, exact versions and digests: install.sh FOLDER. Where they are there
# already, it does nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
cmp -s "$here/package-lock.json" installed-lock.json && exit 0
cp "$here/package.json" "$here/package-lock.json" .
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
mv package-lock.json installed-lock.json
