#!/bin/sh
# lua5.5.sh: in a folder with Debian sid, what the tests need under Lua 5.5 and Debian has for 5.4
# alone. Modules in C are built from Debian's sources, modules in Lua are linked. Run once.
set -eu
LC_ALL=C
export LC_ALL DEBIAN_FRONTEND=noninteractive

sources=/usr/local/src/lua5.5
modules=/usr/local/lib/lua/5.5
scripts=/usr/local/share/lua/5.5

# Where the system says what it is installed from, in either form.
sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >/etc/apt/sources.list.d/source.list || true
sed -i 's/^Types: deb$/& deb-src/' /etc/apt/sources.list.d/*.sources || true
apt-get -q update
apt-get -q -y --no-install-recommends install lua5.5 liblua5.5-dev gcc libc6-dev m4 xz-utils pkg-config \
    libssl-dev libuv1-dev lua-busted lua-cqueues lua-http lua-luaossl lua-sql-sqlite3

flags=$(pkg-config --cflags lua5.5)

mkdir -p $sources $modules $scripts
cd $sources
for package in lua-cjson lua-cqueues lua-luaossl lua-luv; do
    apt-get -q --tar-only source $package
    rm -rf $package
    mkdir $package
    tar -xf "${package}"_*.orig.tar.* -C $package --strip-components=1
done

# build NAME ARGUMENT...: a module.
build() {
    name=$1
    shift
    # shellcheck disable=SC2086  # a list of words
    cc -std=gnu11 -O2 -fPIC -shared -w $flags -o "$modules/$name.so" "$@"
}

(
    cd lua-cjson
    build cjson lua_cjson.c strbuf.c fpconv.c
    # shellcheck disable=SC2086  # a list of words
    cc -O2 -fPIC -c $flags lua_cjson.c strbuf.c fpconv.c
    ar rcs /usr/local/lib/liblua5.5-cjson.a lua_cjson.o strbuf.o fpconv.o
)

# Both check which Lua they are for, and take from 5.3 a name that 5.5 does not have any more.
for package in lua-cqueues lua-luaossl; do
    sed -i 's/> 504$/> 505/' $package/vendor/compat53/c-api/compat-5.3.h
    cp $package/config.h.guess $package/src/config.h
done
older="-DLUA_COMPAT_APIINTCASTS -Dlua_pushunsigned=lua_pushinteger"
(
    cd lua-cqueues/src
    m4 errno.c.m4 >errno.c
    build _cqueues -I. $older -D_GNU_SOURCE -DCOMPAT53_PREFIX=cqueues ./*.c \
        lib/dns.c lib/notify.c lib/socket.c -lssl -lcrypto -lpthread -lm
)
(
    cd lua-luaossl/src
    build _openssl -I. $older -D_GNU_SOURCE -DHAVE_CONFIG_H -DCOMPAT53_PREFIX=luaossl openssl.c \
        -lssl -lcrypto -lpthread -lm
)
(
    cd lua-luv
    build luv src/luv.c -luv
)

for path in /usr/share/lua/5.4/* /usr/share/lua/5.1/*; do
    name=${path##*/}
    [ -e "/usr/share/lua/5.5/$name" ] || [ -e "$scripts/$name" ] || ln -s "$path" "$scripts/$name"
done
