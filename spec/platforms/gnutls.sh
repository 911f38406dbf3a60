#!/bin/sh
# gnutls.sh: see that there is the libcurl that has its TLS from GnuTLS. setup.sh takes any libcurl.
set -eu
for library in /usr/lib/*/libcurl-gnutls.so; do
    [ ! -e "$library" ] || exit 0
done
apt-get -q update
DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install libcurl4-gnutls-dev
