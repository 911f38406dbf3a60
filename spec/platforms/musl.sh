#!/bin/sh
# musl.sh: in a folder with Debian bookworm, the C tests, the simulator and the specs on musl. Debian has
# musl and a compiler for it, but nothing built with it: Lua, libcurl and the modules in C are built from
# Debian's sources, once. Modules in Lua, and the programs that specs start, are Debian's own.
set -eu
export DEBIAN_FRONTEND=noninteractive

prefix=/usr/local/musl
sources=/usr/local/src/musl
modules=$prefix/lib/lua/5.4

# What the Makefile and the specs ask for. The program curl is to be libcurl's own.
export LUA=$prefix/bin/lua CC=$prefix/bin/cc LUA_CFLAGS=-I$prefix/include CURL_CFLAGS=-I$prefix/include
export CURL_LIBS="-L$prefix/lib -lcurl" PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig "PATH=$prefix/bin:$PATH"

install_packages() {
    sed -n 's/^deb \([^ ]*\) .*/deb-src \1 bookworm main\ndeb-src \1 sid main/p' /etc/apt/sources.list \
        >/etc/apt/sources.list.d/source.list
    apt-get -q update
    apt-get -q -y --no-install-recommends install musl-tools gcc libc6-dev make perl m4 tcl xz-utils bzip2 \
        autoconf automake libtool pkg-config lua-busted lua-http lua-cqueues lua-luaossl git openssl \
        procps sqlite3 redis-server lua-redis lua5.1 luajit
}

# musl's compiler, with the folders where everything is put and found. It is itself a program on glibc, and
# curl's configure would have it load the libraries on musl.
make_compiler() {
    mkdir -p $prefix/bin $prefix/include/sys $prefix/lib $modules
    flags="-isystem $prefix/include -L$prefix/lib -Wl,-rpath=$prefix/lib"
    printf '#!/bin/sh\nunset LD_LIBRARY_PATH\nexec musl-gcc "$@" %s\n' "$flags" >$CC
    chmod +x $CC
    headers=/usr/include/$(gcc -print-multiarch)
    ln -sf /usr/include/linux /usr/include/asm-generic "$headers/asm" $prefix/include
    # cqueues wants macros that musl does not have; glibc's need nothing else of glibc.
    sed '/cdefs\.h/d' "$headers/sys/queue.h" >$prefix/include/sys/queue.h
}

# fetch PACKAGE [SUITE]: its source, in a folder of its name.
fetch() {
    apt-get -q --tar-only source "$1/${2:-bookworm}"
    rm -rf "$1"
    mkdir "$1"
    tar -xf "$1"_*.orig.tar.* -C "$1" --strip-components=1
}

# configured PACKAGE ARGUMENT...: a library.
configured() {
    fetch "$1"
    cd "$1"
    shift
    [ ! -e autogen.sh ] || sh autogen.sh
    [ -e configure ] || autoreconf -i
    ./configure --prefix=$prefix "$@"
    make -j"$(nproc)" install
    cd ..
}

# build NAME ARGUMENT...: a module.
build() {
    name=$1
    shift
    mkdir -p "$(dirname "$modules/$name")"
    $CC -std=gnu11 -O2 -fPIC -shared -w -D_GNU_SOURCE -DLUA_COMPAT_5_3 -o "$modules/$name.so" "$@"
}

build_lua() {
    fetch lua5.4
    scripts="$prefix/share/lua/?.lua"
    for folder in /usr/share/lua/5.4 /usr/share/lua/5.1; do
        scripts="$scripts;$folder/?.lua;$folder/?/init.lua"
    done
    rm lua5.4/src/luac.c
    $CC -std=gnu99 -O2 -DLUA_USE_LINUX -DLUA_COMPAT_5_3 -Wl,-E -o $LUA lua5.4/src/*.c -lm \
        "-DLUA_PATH_DEFAULT=\"$scripts\"" "-DLUA_CPATH_DEFAULT=\"$modules/?.so\""
    (cd lua5.4/src && cp lua.h luaconf.h lualib.h lauxlib.h $prefix/include)
}

build_libraries() {
    configured zlib
    fetch openssl
    (cd openssl && ./Configure linux-x86_64 no-tests --prefix=$prefix --libdir=lib --openssldir=/etc/ssl)
    (cd openssl && make -j"$(nproc)" build_libs && make install_dev)
    configured nghttp2 --enable-lib-only
    configured curl --with-openssl --with-nghttp2 --disable-static --disable-ldap --disable-manual
    configured libuv1 --disable-static
}

build_modules() {
    for package in lua-cjson lua-cqueues lua-luaossl lua-filesystem luasocket lua-term lua-lpeg \
        sqlite3; do
        fetch $package
    done
    # Not every mirror has all of bookworm's.
    fetch lua-luv sid
    fetch lua-sql sid
    (cd lua-cjson && build cjson lua_cjson.c strbuf.c fpconv.c)
    (cd lua-filesystem/src && build lfs lfs.c)
    # In place of lua-system: busted wants three functions of it.
    mkdir -p $prefix/share/lua
    echo 'local cqueues = require "cqueues"
        return { gettime = os.time, monotime = cqueues.monotime, sleep = cqueues.sleep }' \
        >$prefix/share/lua/system.lua
    (cd luasocket/src && build socket/core luasocket.c timeout.c buffer.c io.c auxiliar.c compat.c \
        options.c inet.c usocket.c except.c select.c tcp.c udp.c)
    (cd lua-term && build term/core core.c)
    (cd lua-lpeg && build lpeg ./lp*.c)
    (cd lua-luv && build luv src/luv.c -luv)
    (cd lua-cqueues/src && cp ../config.h.guess config.h && m4 errno.c.m4 >errno.c &&
        build _cqueues -I. -DCOMPAT53_PREFIX=cqueues ./*.c lib/dns.c lib/notify.c lib/socket.c -lssl -lcrypto)
    (cd lua-luaossl/src && cp ../config.h.guess config.h &&
        build _openssl -I. -DHAVE_CONFIG_H -DCOMPAT53_PREFIX=luaossl openssl.c -lssl -lcrypto)
    (cd sqlite3 && ./configure && make sqlite3.c)
    build luasql/sqlite3 -Isqlite3 -DSQLITE_ENABLE_FTS5 '-DLUASQL_VERSION_NUMBER=""' lua-sql/src/luasql.c \
        lua-sql/src/ls_sqlite3.c sqlite3/sqlite3.c
}

install_packages
if [ ! -e $prefix/ready ]; then
    make_compiler
    mkdir -p $sources
    (
        cd $sources
        build_lua
        build_libraries
        build_modules
    )
    touch $prefix/ready
fi
make build/versions
DEMO=1 SPECS="spec/core spec/hostile spec/unit" exec spec/platforms/c.sh
