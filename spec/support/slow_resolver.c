/*
 * slow_resolver.c - preloaded into a client under test: the name server of
 * "slow.example" makes the file that RESOLVING names, takes three seconds, then
 * knows no such host.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int resolver(const char *, const char *, const struct addrinfo *,
                     struct addrinfo **);

int getaddrinfo(const char *node, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    const char *path = getenv("RESOLVING");
    resolver *next;

    if (node && strcmp(node, "slow.example") == 0) {
        if (path)
            close(open(path, O_CREAT | O_WRONLY, 0600));
        sleep(3);
        return EAI_NONAME;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
    return next(node, service, hints, found);
}
