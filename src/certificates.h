/*
 * certificates.h - recognises a folder of certificates named by hash.
 * Reads a folder, nothing else.
 */
#pragma once

#include <stdbool.h>

/* True when the folder has an entry named as OpenSSL's c_rehash does. */
bool meet_certificates_hashed(const char *path);
