#!/bin/sh
# setup.sh build|demo|test|...: see that what a make target needs is here.
#
# Looks for the things themselves (a program, a header, a module), not for
# packages, so whatever way they came is fine and a second run needs no network.
# Where there is apt-get the missing ones are installed as Debian packages;
# elsewhere the packages are named and the build stops.
set -eu

LUA=${LUA:-lua5.4}
CC=${CC:-cc}
version=$("$LUA" -e 'io.write(_VERSION:sub(5))' 2>/dev/null) || version=${LUA##*lua}
case $version in [0-9].[0-9]) ;; *) version=5.4 ;; esac
missing=

# need PACKAGE COMMAND...: PACKAGE is missing unless COMMAND succeeds.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

have() { command -v "$1"; }

have_libc() { echo '#include <stdio.h>' | "$CC" -E -; }

# A separate package on Alpine.
have_linux() {
    [ "$(uname)" != Linux ] || echo '#include <linux/tcp.h>' | "$CC" -E -
}

# lua5.4 on Debian, other names elsewhere; whoever gives the flags knows.
have_lua_headers() {
    [ -n "${LUA_CFLAGS:-}" ] && return
    for name in "lua$version" "lua-$version" "lua${version%.*}${version#*.}" lua; do
        pkg-config --exists "$name" && return
    done
    return 1
}

have_curl_headers() {
    [ -n "${CURL_LIBS:-}" ] || pkg-config --exists libcurl
}

# Debian keeps the pure-Lua files of some modules in its folder for 5.1.
have_module() {
    LUA_PATH="${LUA_PATH:-;};/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua" \
        "$LUA" -e "require '$1'"
}

need_build() {
    need gcc have "$CC"
    need libc6-dev have_libc
    need linux-libc-dev have_linux
    need pkg-config have pkg-config
    need "lua$version" have "$LUA"
    need "liblua$version-dev" have_lua_headers
    need libcurl4-openssl-dev have_curl_headers
    need lua-cjson have_module cjson
}

# Not for the fake, but for the real gateway, which the same example reaches.
have_certificates() {
    for file in /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem \
        /etc/pki/tls/certs/ca-bundle.crt; do
        [ -e "$file" ] && return
    done
    return 1
}

# For a program with everything inside.
have_cjson_archive() {
    echo 'int luaopen_cjson(void); int main(void) { return luaopen_cjson != 0; }' |
        "$CC" -x c - -o /dev/null -Wl,--unresolved-symbols=ignore-all -l:"liblua$version-cjson.a"
}

need_demo() {
    need_build
    need ca-certificates have_certificates
    need lua-http have_module http.server
}

need_docs() {
    need "lua$version" have "$LUA"
    need lua-cjson have_module cjson
    need cmark-gfm have cmark-gfm
}

need_lint() {
    need lua-check have luacheck
    need clang-format have clang-format
}

need_test() {
    need_demo
    need_lint
    need lua-busted have_module busted.runner
    need luarocks have luarocks
    need git have git
    need curl have curl
    need lua-luv have_module luv
    need lua-cqueues have_module cqueues
    need lua-luaossl have_module openssl
    need lua-sql-sqlite3 have_module luasql.sqlite3
    need sqlite3 have sqlite3
    need lua-cjson-dev have_cjson_archive
    need procps have ps
    need redis-server have redis-server
    need lua-redis have_redis_client
    need zsh have zsh # these load completions, or read the man page
    need fish have fish
    need groff-base have groff
    need man-db have man
    need mandoc have mandoc
    need lua5.1 have lua5.1 # two that cannot load the module, to see that they say so
    need luajit have luajit
}

# LuaSocket comes with it. Its spec is pending where they do not load.
have_redis_client() { [ -e /usr/share/lua/5.1/redis.lua ] || have_module redis; }

need_hosts() {
    need_test
    need prosody have prosody
    need lighttpd have lighttpd
    need lighttpd-modules-lua have_magnet
    need neomutt have neomutt
    if apt-cache depends haproxy 2>/dev/null | grep -q 'liblua5\.4'; then
        need haproxy have haproxy # Debian 12's has Lua 5.3
    fi
}

have_magnet() { [ -e /usr/lib/lighttpd/mod_magnet.so ] || [ -e /usr/lib64/lighttpd/mod_magnet.so ]; }

need_captions() {
    need_test
    need nodejs have node
    need npm have npm
    need python3-srt have_srt
    need ffmpeg have ffmpeg
}

# Debian's Python has Debian's modules; there may be another one before it.
have_srt() {
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import srt' && return
    done
    return 1
}

need_valgrind() {
    need_test
    need valgrind have valgrind
}

need_coverage() {
    need_test
    need gcovr have gcovr
}

need_soak() {
    need_build
    need lua-luv have_module luv
}

need_limiter() {
    need_build
    need lua-luv have_module luv
    need lua-socket have_module socket
    need lua-redis have_module redis
    need redis-server have "${REDIS_SERVER:-redis-server}"
    need coreutils have sha256sum
}

need_download() {
    need_build
    need lua-luv have_module luv
    need lua-socket have_module socket
    need nginx have nginx
    need libnginx-mod-http-echo have_echo
    need openssl have openssl
    need curl have curl
    need coreutils have sha256sum
    need util-linux have prlimit
}

need_bench() {
    need_build
    need nginx have nginx
    need libnginx-mod-http-echo have_echo
    need openssl have openssl
    need valgrind have valgrind
}

have_echo() {
    folder=$(nginx -V 2>&1 | sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p')
    [ -e "$folder/ngx_http_echo_module.so" ]
}

need_tidy() {
    need_build
    need clang have clang
    need clang-tidy have clang-tidy
    need cppcheck have cppcheck
}

need_fuzz() {
    need_build
    need clang have clang
    need libclang-rt-dev have_fuzzer
}

have_fuzzer() {
    library=$(clang -print-runtime-dir)/libclang_rt.fuzzer-$(uname -m).a
    [ -e "$library" ]
}

look() {
    missing=
    "need_$what"
}

# Packages of servers start them, unless the system's policy is not to.
start_nothing() {
    policy=/usr/sbin/policy-rc.d
    [ ! -e $policy ] || return 0
    trap '$as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root install -m 755 /dev/stdin $policy
}

install_missing() {
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        as_root=sudo
    fi
    # A source that cannot be reached is no reason to stop; a package that
    # cannot be found is, and apt-get install says which.
    $as_root apt-get -q update || true
    start_nothing
    # shellcheck disable=SC2086  # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends install $missing
}

what=${1:-build}
look
[ -n "$missing" ] || exit 0
echo "setting up for '$what':$missing"
if command -v apt-get >/dev/null; then
    install_missing || true
    look
    [ -n "$missing" ] || exit 0
fi
cat >&2 <<EOF

This is still missing (names of Debian's packages, other systems have their own):
   $missing
Install it, then run make again. LUA and CC name the programs to use.
EOF
exit 1
