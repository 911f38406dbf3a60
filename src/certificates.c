/* certificates.c - see certificates.h. */
#include "certificates.h"

#include "ascii.h"

#include <dirent.h>

/* True for OpenSSL's hashed names: "5ad8a5d6.0". */
static bool is_hashed_name(const char *name)
{
    for (int i = 0; i < 8; i++)
        if (meet_ascii_hex(name[i]) < 0)
            return false;
    return name[8] == '.' && meet_ascii_is_digit(name[9]);
}

bool meet_certificates_hashed(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    bool found = false;

    if (!folder)
        return false;
    while (!found && (entry = readdir(folder)))
        found = is_hashed_name(entry->d_name);
    closedir(folder);
    return found;
}
