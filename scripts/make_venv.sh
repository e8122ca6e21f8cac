#!/usr/bin/env bash
# Make a virtual environment if there is none, and install a requirements file into it.
#
#     scripts/make_venv.sh .venv requirements.txt
set -euo pipefail

venv=$1
requirements=$2

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "The clinic directory needs Python 3.11 or newer, and none was found." >&2
    exit 1
}

if ! is_new_enough "$venv/bin/python"; then
    python=$(find_python)
    rm -rf "$venv"
    echo "Setting up $venv; the first time this takes a minute or two."
    if ! "$python" -m venv "$venv" >/dev/null; then
        rm -rf "$venv"
        echo "$python cannot make a virtual environment; on Debian or Ubuntu install python3-venv." >&2
        exit 1
    fi
fi

said=$(mktemp)
trap 'rm -f "$said"' EXIT
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$requirements" 2>"$said"; then
    if grep -q "after connection broken by" "$said"; then
        echo "The packages cannot be fetched: pip cannot reach its index. Connect to the network and" \
            "run the command again, or name a mirror in PIP_INDEX_URL." >&2
    else
        cat "$said" >&2
    fi
    exit 1
fi
