/*
 * certificates_test.c - which folders hold certificates named by hash.
 */
#include "certificates.h"
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

/* Whether a folder with that one entry is hashed. */
static bool is_hashed(const char *name)
{
    char folder[] = "/tmp/certificates_test.XXXXXX";
    char path[100];
    bool hashed;
    int fd;

    if (!mkdtemp(folder))
        abort();
    snprintf(path, sizeof path, "%s/%s", folder, name);
    fd = open(path, O_CREAT | O_WRONLY, 0600);
    if (fd < 0)
        abort();
    close(fd);
    hashed = meet_certificates_hashed(folder);
    unlink(path);
    rmdir(folder);
    return hashed;
}

static void check_names(void)
{
    static const struct {
        const char *name;
        bool hashed;
    } cases[] = {
        {"5ad8a5d6.0", true},   {"ABCDEF09.9", true},  {"5ad8a5d.0", false},
        {"5ad8a5d6", false},    {"5ad8a5d6.", false},  {"5ad8a5d6.r0", false},
        {"5ad8a5d61.0", false}, {"5ad8a5dg.0", false}, {"ca.pem", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(is_hashed(cases[i].name) == cases[i].hashed, "%s", cases[i].name);
    CHECK(!meet_certificates_hashed("/nonexistent"), "no folder");
    CHECK(!meet_certificates_hashed("/dev/null"), "a file");
}

int main(void)
{
    check_names();
    return check_report();
}
