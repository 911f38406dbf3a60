#!/bin/sh
# command.sh: install the command `googlemeet` on a Debian that has only what its installation needs, by
# LuaRocks and then by make, and run each subcommand as a user would. What it prints is the transcript.
# A line counts as passed where its status is the one expected.
set -u
passed=0 failed=0
subcommands='attendance transcript archive search monitor spaces doctor connect get serve completion man'

install() {
    echo "$ apt-get install $*"
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" >/tmp/apt.log 2>&1 ||
        { cat /tmp/apt.log; exit 1; }
}

# run STATUS LINE: run a line of shell, and show it with what it prints.
run() {
    printf '\n$ %s\n' "$2"
    sh -c "$2" </dev/null
    status=$?
    if [ $status -eq "$1" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "status $status, not $1"
    fi
}

# The same on a terminal.
run_on_terminal() { run 0 "script -qec '$1' /dev/null"; }

# What needs a package names it before the package is there.
try_without_packages() {
    run 1 'googlemeet serve'
    run 1 'googlemeet archive --demo meetings.db'
}

try() {
    run 0 'command -v googlemeet'
    run 0 'googlemeet --version'
    run 0 'googlemeet --help'
    run 2 'googlemeet serv'
    for name in $subcommands; do run 0 "googlemeet $name --help"; done
    run 1 'googlemeet attendance'
    run 1 'googlemeet doctor'
    run_on_terminal 'googlemeet attendance --demo'
    run_on_terminal 'googlemeet monitor --demo'
    run_on_terminal 'googlemeet doctor --demo'
    run 0 'googlemeet transcript --demo --merge 20 | head -n 3'
    run 0 'googlemeet archive --demo meetings.db'
    run 0 'googlemeet search meetings.db roadmap'
    run 0 'googlemeet spaces --demo meetings.csv links.csv && cat links.csv'
    run 0 'googlemeet connect --demo'
    run 0 'googlemeet connect --demo --list'
    run 0 'googlemeet get --demo conferenceRecords --limit 2'
    run 0 'for shell in bash zsh fish; do googlemeet completion $shell | wc -l; done'
    run 0 'googlemeet man | MANWIDTH=80 man -l - | head -n 20'
    run_on_terminal 'googlemeet serve --until-eof'
    run 130 'googlemeet serve --port 8123 --log & until [ "$(curl -s 127.0.0.1:8123/-/stats)" ] || ! kill -0 $!; do sleep 0.1; done
        export MATON_API_URL=http://127.0.0.1:8123 MATON_API_KEY=test-key
        googlemeet get hpk-vtwd-ens
        curl -s -d "{\"on\": \"spaces.get\", \"status\": 403}" http://127.0.0.1:8123/-/fail; echo
        googlemeet get hpk-vtwd-ens
        kill -INT $!; wait $!'
    rm -rf meetings.db* links.csv*
}

apt-get -q update >/dev/null
install gcc libc6-dev pkg-config lua5.4 liblua5.4-dev libcurl4-openssl-dev lua-cjson luarocks man-db curl
DEBIAN_FRONTEND=noninteractive apt-get -q -y purge lua-http lua-sql-sqlite3 bash-completion zsh fish >/dev/null 2>&1
source=$PWD
mkdir -p /tmp/user && cd /tmp/user && cp "$source/examples/meetings.csv" . || exit

# Of an earlier run.
(cd "$source" && make uninstall; luarocks --lua-version 5.4 remove googlemeet) >/dev/null 2>&1

run 0 "cd $source && luarocks --lua-version 5.4 make --deps-mode none >/dev/null"
try_without_packages
install lua-http lua-sql-sqlite3
try
run 0 'luarocks --lua-version 5.4 remove googlemeet'
run 0 '! command -v googlemeet'

run 0 "cd $source && make >/dev/null && make install"
try
run 0 'MANWIDTH=80 man googlemeet | head -n 30'
run 0 'MANWIDTH=80 man --warnings googlemeet >/dev/null'
run 0 'find /usr/local -name "*googlemeet*" -not -path "*/lua/*"'
install bash-completion zsh fish
run 0 'bash -c "source /usr/share/bash-completion/bash_completion; _comp_load googlemeet; complete -p googlemeet"'
run 0 'zsh -c "autoload -Uz compinit; compinit -u -D; whence -v \$_comps[googlemeet]" | grep site-functions'
run 0 'export XDG_DATA_DIRS=/usr/local/share:/usr/share; fish -c "complete -C \"googlemeet att\"" | grep attendance'
run 0 "cd $source && make uninstall"
run 0 'test -z "$(find /usr/local -name "*googlemeet*")"'
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
