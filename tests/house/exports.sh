#!/bin/sh
# Exactly the functions that the public headers declare leave the library: exports.sh LIBRARY SOURCE_DIR.
set -eu
exported=$(nm -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort)
declared=$(cat "$2"/include/ozcapsula.h "$2"/include/ozcapsula/*.h |
    sed -n '/^OZC_API/s/.*[ *]\(ozc_[a-z0-9_]*\)(.*/\1/p' | sort)
if [ "$exported" != "$declared" ]; then
    printf 'exported:\n%s\n\ndeclared:\n%s\n' "$exported" "$declared"
    exit 1
fi
