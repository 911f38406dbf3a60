/*
 * certificates.h - recognises a folder of certificates named by hash.
 * Reads a folder, nothing else.
 */
#pragma once

#include <stdbool.h>

/* True when the folder holds an entry with a name of OpenSSL's c_rehash. */
bool meet_certificates_hashed(const char *path);
