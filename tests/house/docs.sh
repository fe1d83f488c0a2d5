#!/bin/sh
# docs/rules.md holds the very table that the list of rules makes: docs.sh RULES_TABLE SOURCE_DIR.
set -eu
table=$("$1")
page=$(sed -n '/^| rule | Oz | EH | fails when |$/,/^$/p' "$2/docs/rules.md")
if [ "$table" != "$page" ]; then
    echo "The table in docs/rules.md is not the one that src/rules.def makes. It has to be:"
    echo "$table"
    exit 1
fi
