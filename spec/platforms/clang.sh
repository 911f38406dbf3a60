#!/bin/sh
# clang.sh: see that there is clang.
set -eu
! command -v clang >/dev/null || exit 0
apt-get -q update
DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install clang
