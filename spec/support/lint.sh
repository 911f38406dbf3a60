#!/bin/sh
# lint.sh BUILD: what no compiler says about the sources. Every check runs, so
# that one go shows all there is to mend; the status is 1 if one complains.
set -u

build=${1:-build}
status=0

complain() {
    echo "lint: $1" >&2
    status=1
}

luacheck --quiet --no-color lua spec examples src .busted .luacheckrc ||
    complain "luacheck"

# It refuses more than 5.4 does: to assign to the variable of a `for`.
if command -v luac5.5 >/dev/null; then
    find lua spec examples src -name '*.lua' -print0 | xargs -0 -n 1 luac5.5 -p ||
        complain "luac5.5"
fi

find src spec examples -name '*.[ch]' |
    xargs clang-format --dry-run -Werror || complain "clang-format: 'make format' mends it"

# Calls that cannot be used safely, or that keep state where it must not be.
banned='strcpy|strcat|sprintf|strtok|atoi|gets|alloca|setjmp|longjmp'
banned="$banned|lua_register|lua_newuserdata|luaL_ref|luaL_unref"
banned="$banned|curl_global_cleanup|strn?casecmp|isalpha|isdigit|isalnum|isxdigit|toupper|tolower"
if grep -nE "\<($banned) *\(" src/*.[ch]; then
    complain "a banned function (its reason stands in lint.sh or the manual)"
fi

# A child would inherit the key from the environment.
if grep -nE '\<(os\.execute|io\.popen|system|popen|v?fork|posix_spawnp?|exec(l|le|lp|v|ve|vp)) *[("[{]' \
    $(find lua src examples -type f); then
    complain "a child process"
fi

# One helper keeps the first option that failed; nobody else sets options.
if [ "$(cat src/*.[ch] | grep -c 'curl_easy_setopt *(')" -gt 1 ]; then
    complain "curl_easy_setopt outside the one helper"
fi

# State of the module lives in Lua states, never in the file. One exception: forks are counted for
# the process.
for object in "$build"/obj/*.o; do
    [ -e "$object" ] || continue
    [ "${object##*/}" != fork.o ] || continue
    sections=$(objdump -h "$object" | awk '
        $2 ~ /^\.(data|bss|tdata|tbss)/ && $2 !~ /^\.data\.rel\.ro/ && $3 !~ /^0+$/ { print $2 }')
    [ -z "$sections" ] || complain "$object: mutable file-scope data"
done

for library in "$build"/googlemeet/*.so; do
    [ -e "$library" ] || continue
    exported=$(nm -D --defined-only "$library" | awk '$3 !~ /^luaopen_/ { print $3 }')
    [ -z "$exported" ] || complain "$library exports more than luaopen_*: $exported"
done

exit "$status"
