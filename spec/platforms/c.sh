#!/bin/sh
# c.sh: the C tests and the simulator, and of the specs those that SPECS names. BUILT=1 builds nothing,
# DEMO=1 runs the demo before.
set -eu
[ -n "${BUILT:-}" ] || "${MAKE:-make}" all c-tests WERROR=-Werror
export LUA_PATH="./lua/?.lua;./lua/?/init.lua;./?.lua;${LUA_PATH:-;}"
export LUA_CPATH="./build/?.so;${LUA_CPATH:-;}"
[ -z "${DEMO:-}" ] || spec/support/demo.sh
SPECS=${SPECS:-none} exec spec/support/run.sh build/c/*_test build/sim/simulate build/sim/shared
