#!/bin/sh
# run.sh [ROW...]: run the tests on other systems and processors, and print a table of what came out.
#
# Each row of rows.txt has a folder in PLATFORMS, made once with debootstrap and entered by chroot in
# its own namespaces: no mount and no process outlives it. A row with a colon shares the folder of
# the one that is named before it. What a Lua needs and the system lacks is made once, by the script
# of its name. Beside the folder stand the log of the row and its line of the table; table.txt has the
# lines of all rows that ever ran.
#
# The status is 0 if no row failed. A row that this machine cannot run says why, and has not failed.
set -u
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
cache=${PLATFORMS:-$HOME/.cache/googlemeet/platforms}
mirror=${MIRROR:-http://deb.debian.org/debian}
status=0 child=

# A processor that this machine is not is emulated by qemu. To install and compile there would take
# hours: this machine unpacks these packages and compiles the tests, and only they are emulated.
unpacked=libc6-dev,liblua5.4-dev,libcurl4-openssl-dev,lua5.4,lua-cjson,lua-http

# Debian's cross compiler for a processor.
compiler_for() {
    case $1 in
    i386) echo i686-linux-gnu-gcc ;;
    arm64) echo aarch64-linux-gnu-gcc ;;
    *) echo "$1-linux-gnu-gcc" ;;
    esac
}

# What this machine lacks for a processor, in words; nothing when it lacks nothing.
lacks() {
    for program in debootstrap arch-test; do
        command -v $program >/dev/null || { echo "needs $program"; return; }
    done
    [ "$(id -u)" -eq 0 ] || { echo "needs root"; return; }
    unshare --mount --pid --fork true 2>/dev/null || { echo "needs namespaces"; return; }
    arch-test -n "$1" >/dev/null || lacks_to_emulate "$1"
}

# The kernel is asked to start the processor's programs by qemu. The flag F opens qemu here and now, so
# that the folder need not have it.
lacks_to_emulate() {
    for program in qemu-i386-static "$(compiler_for "$1")"; do
        command -v "$program" >/dev/null || { echo "needs $program"; return; }
    done
    case $1 in
    # Debian has no line for i386: most amd64 kernels start its programs themselves.
    i386) line=':qemu-i386:M::\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x03\x00'
        line=$line':\xff\xff\xff\xff\xff\xfe\xfe\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
        line=$line:/usr/bin/qemu-i386-static:PF ;;
    arm64) line=$(cat /usr/lib/binfmt.d/qemu-aarch64.conf) ;;
    *) line=$(cat "/usr/lib/binfmt.d/qemu-$1.conf") ;;
    esac
    register=/proc/sys/fs/binfmt_misc/register
    [ -e $register ] || mount -t binfmt_misc none ${register%/*} 2>/dev/null
    arch-test "$1" >/dev/null || printf %s "$line" 2>/dev/null >$register || echo "needs binfmt_misc"
}

# Run a command with its own mounts and processes, which end with it, and with this script.
apart() {
    unshare --mount --pid --fork --kill-child -- "$@" </dev/null &
    child=$!
    wait $child
}
trap 'kill -KILL $child; exit 130' INT TERM

# Run a shell's command in the tree in the row's folder.
enter() {
    # shellcheck disable=SC2016  # the inner shell's words
    apart sh -c 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" || exit
        timeout 2h $3 chroot "$0" env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 LUA="$1" \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c "$2"
        exit $?' "$root" "$lua" "cd /src/googlemeet && $1" "${emulated:+nice -n 19}"
}

# Make the row's folder, if it is not ready. One that was not made to its end is begun again.
make_folder() {
    [ ! -e "$root/ready" ] || return 0
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    apart debootstrap --arch="$arch" --variant=minbase ${emulated:+--foreign} \
        --include="ca-certificates,make${emulated:+,$unpacked}" \
        "$suite" "$root" "$mirror" || return
    [ -z "$emulated" ] || unpack || return
    # A mirror may be a copy of an earlier day.
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/99valid"
    touch "$root/ready"
}

# Unpack what debootstrap has fetched. No script of a package runs, so this does their little here.
unpack() {
    for package in "$root"/var/cache/apt/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root" || return
    done
    ln -s mawk "$root/usr/bin/awk"
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
}

# The files of the tree as they are now; those of before are gone.
copy_tree() {
    rm -rf "$root/src/googlemeet"
    mkdir -p "$root/src/googlemeet"
    (cd "$here/../.." && git ls-files -z | tar --null -T - -c) | tar -x -C "$root/src/googlemeet"
}

# Make what the system lacks for a Lua, once.
prepare() {
    [ -e "$here/$lua.sh" ] && [ ! -e "$root/$lua-ready" ] || return 0
    enter "spec/platforms/$lua.sh" && touch "$root/$lua-ready"
}

# Compile here what an emulated processor runs. This machine may have a C library for it, too, which
# is another one.
cross_build() {
    libraries=$(echo "$root"/usr/lib/*-linux-gnu)
    make -C "$root/src/googlemeet" -j"$(nproc)" all c-tests build/versions WERROR=-Werror \
        CC="$(compiler_for "$arch") --sysroot=$root -B$libraries" \
        LUA_CFLAGS="-I$root/usr/include/$lua" CURL_CFLAGS= CURL_LIBS=-lcurl
}

# What a row runs.
run_tests() {
    case $emulated$what in
    emulated*) cross_build && enter "BUILT=1 DEMO=1 spec/platforms/c.sh" ;;
    gnutls) enter "spec/platforms/gnutls.sh && make test" ;;
    clang) enter "spec/platforms/clang.sh && make CC=clang test" ;;
    musl) enter spec/platforms/musl.sh ;;
    command) enter spec/platforms/command.sh ;;
    # An installation may have been interrupted.
    *) enter "dpkg --configure -a && make $what" ;;
    esac
}

run_row() {
    name=$1 suite=$2 arch=$3 lua=$4 what=$5 cc=cc
    [ "$what" != clang ] || cc=clang
    root=$cache/${name%:*} log=$cache/$name.log emulated=''
    why=$(lacks "$arch")
    [ -z "$why" ] || { echo "$name: not on this machine, which $why"; return; }
    arch-test -n "$arch" >/dev/null || emulated=emulated
    make_folder >"$log" 2>&1 || { echo "$name: debootstrap failed, see $log"; return 1; }
    copy_tree
    { prepare && run_tests; } >"$log" 2>&1
    ended=$?
    [ -e "$root/src/googlemeet/build/versions" ] || enter "make CC=$cc build/versions" >/dev/null 2>&1
    echo "$name|$arch${emulated:+ (qemu)}|$(enter build/versions 2>&1 | tail -n 1)|$(sums $ended)"
    return $ended
}

# What passed and what failed, as columns: the last sums of the log, and the status if they do not tell.
sums() {
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
    failed=${line#*, }
    failed=${failed% failed}
    [ "$1" -eq 0 ] || [ "${failed:-0}" != 0 ] || failed="status $1, see $log"
    echo "${line%% *}|$failed"
}

# Print the rows of the table in columns, and below it the lines that are none.
table() {
    awk -F '|' '
        BEGIN { rows[0] = "system|processor|libcurl|Lua|compiler|passed|failed" }
        NF > 1 { rows[++last] = $0 }
        NF == 1 { lines = lines $0 "\n" }
        END {
            for (i = 0; i <= last; i++) {
                count = split(rows[i], fields)
                for (k = 1; k <= count; k++)
                    if (length(fields[k]) > width[k]) width[k] = length(fields[k])
            }
            for (i = 0; i <= last; i++) {
                count = split(rows[i], fields)
                for (k = 1; k < count; k++) printf "%-" width[k] "s | ", fields[k]
                print fields[count]
            }
            printf "%s", lines
        }'
}

# The line of each row given, where it has one.
lines_of() {
    for name; do
        cat "$cache/$name.row" 2>/dev/null
    done
}

rows() {
    grep -v '^#' "$here/rows.txt"
}

all=$(rows | cut -d ' ' -f 1)
# shellcheck disable=SC2086  # a list of words
[ $# -gt 0 ] || set -- $all
mkdir -p "$cache" || exit
for row; do
    line=$(rows | grep "^$row ") || { echo "run.sh: rows.txt has no row '$row'" >&2; exit 2; }
    echo "$row: see $cache/$row.log" >&2
    # shellcheck disable=SC2086  # the words of a row
    run_row $line >"$cache/$row.row" || status=1
done
# shellcheck disable=SC2086  # a list of words
lines_of $all | table >"$cache/table.txt"
lines_of "$@" | table
exit $status
