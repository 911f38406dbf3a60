#!/bin/sh
# run.sh [ROW...]: run the tests on other systems, and print a table of what came out.
#
# Each row of rows.txt has a folder of its own in PLATFORMS, made by debootstrap, and is entered with
# chroot in a mount namespace. `test` is `make test`; `gnutls` too, with that libcurl; `c` is the C tests,
# the simulator and the demo; `hosts` is `make hosts`, in the folder of the row before the colon.
# A second run needs no network. A row that this machine cannot do says why.
set -u
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
cache=${PLATFORMS:-$HOME/.cache/googlemeet/platforms}
mirror=${MIRROR:-http://deb.debian.org/debian}
failed=0

# What this machine lacks for a row, in words; nothing when it lacks nothing.
lacks() {
    [ "$(id -u)" -eq 0 ] || { echo "needs root"; return; }
    command -v debootstrap >/dev/null || { echo "needs debootstrap"; return; }
    unshare -m true 2>/dev/null || { echo "needs unshare -m"; return; }
    case $1 in
    amd64) [ "$(uname -m)" = x86_64 ] || echo "needs an amd64 machine" ;;
    i386) ;; # the machine's own
    arm64) runs_by qemu-aarch64 ;;
    *) runs_by "qemu-$1" ;;
    esac
}

# Have the kernel start programs of another processor by qemu. The flag F in qemu's own line opens it
# once, for any chroot.
runs_by() {
    folder=/proc/sys/fs/binfmt_misc
    [ -e $folder/register ] || mount -t binfmt_misc none $folder 2>/dev/null
    [ ! -e "$folder/$1" ] || return
    if [ ! -e "/usr/lib/binfmt.d/$1.conf" ]; then
        echo "needs qemu-user-static"
    elif ! cat "/usr/lib/binfmt.d/$1.conf" >$folder/register 2>/dev/null; then
        echo "needs binfmt_misc"
    fi
}

# Run a command in a row's folder.
enter() {
    root=$1
    shift
    # shellcheck disable=SC2016  # the inner shell's own words
    unshare -m sh -c 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
        exec chroot "$0" /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"' "$root" "$@"
}

make_folder() {
    root=$1 suite=$2 arch=$3
    [ ! -e "$root/ready" ] || return 0
    rm -rf "$root"
    mkdir -p "$root"
    debootstrap --arch="$arch" --variant=minbase --include=ca-certificates,make \
        "$suite" "$root" "$mirror" >"$root.log" 2>&1 || return 1
    touch "$root/ready"
}

# The files of the tree, those of before removed.
copy_tree() {
    rm -rf "$1/src/googlemeet"
    mkdir -p "$1/src/googlemeet"
    (cd "$here/../.." && git ls-files -z | tar --null -T - -c) | tar -x -C "$1/src/googlemeet"
}

# What the system lacks for a Lua is made once, by the script of its name.
prepare() {
    [ -e "$here/$2.sh" ] && [ ! -e "$1/$2-ready" ] || return 0
    enter "$1" sh "/src/googlemeet/spec/platforms/$2.sh" >"$1.log" 2>&1 || return 1
    touch "$1/$2-ready"
}

versions() {
    enter "$1" sh -c "printf '%s, ' \"\$(pkg-config --modversion libcurl)\" &&
        printf '%s, ' \"\$($2 -e 'io.write(_VERSION)') \$(pkg-config --modversion $2)\" &&
        cc -dumpfullversion" 2>/dev/null | tail -n 1
}

# The last sum in a log.
count() {
    grep -E '^[0-9]+ passed, [0-9]+ failed$' "$1" | tail -n 1
}

run_row() {
    name=$1 suite=$2 arch=$3 lua=$4 what=$5
    root=$cache/${name%:*} log=$cache/$name.log
    why=$(lacks "$arch")
    if [ -n "$why" ]; then
        echo "$name | not here: $why"
        return
    fi
    mkdir -p "$cache"
    if ! make_folder "$root" "$suite" "$arch"; then
        echo "$name | not here: debootstrap failed, see $root.log"
        return
    fi
    copy_tree "$root"
    if ! prepare "$root" "$lua"; then
        echo "$name | not here: $lua.sh failed, see $root.log"
        return
    fi
    case $what in
    test) command="make test" ;;
    gnutls) command="spec/platforms/gnutls.sh && make test" ;;
    c) command="make demo && spec/platforms/c.sh" ;;
    hosts) command="make hosts" ;;
    esac
    enter "$root" sh -c "cd /src/googlemeet && export LUA=$lua && $command" >"$log" 2>&1
    status=$?
    [ $status = 0 ] || failed=1
    echo "$name | $(versions "$root" "$lua") | $what | $(count "$log") | status $status"
}

grep -v '^#' "$here/rows.txt" | while read -r name suite arch lua what; do
    case " $* " in
    "  " | *" $name "*) run_row "$name" "$suite" "$arch" "$lua" "$what" ;;
    esac
    [ $failed = 0 ] || touch "$cache/failed"
done
[ ! -e "$cache/failed" ] || { rm -f "$cache/failed"; exit 1; }
