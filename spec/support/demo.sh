#!/bin/sh
# demo.sh: run examples/quickstart.lua against the fake, served on loopback.
set -eu

LUA=${LUA:-lua5.4}
server=
folder=$(mktemp -d)

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

mkfifo "$folder/in" "$folder/out"
"$LUA" spec/support/serve.lua --port 0 <"$folder/in" >"$folder/out" &
server=$!
exec 3>"$folder/in" # held open: the server ends when its stdin closes
if ! read -r url <"$folder/out"; then
    echo "demo: the server did not start" >&2
    exit 1
fi

# The account is a demo, and so is its key.
MATON_API_URL=$url MATON_API_KEY=test-key "$LUA" examples/quickstart.lua
