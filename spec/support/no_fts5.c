/*
 * no_fts5.c - preloaded: SQLite without its module fts5, as if it were built
 * so. Linked with libsqlite3, whose own function removes the module of each
 * connection.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

struct sqlite3;
typedef int opener(const char *, struct sqlite3 **, int, const char *);
typedef int remover(struct sqlite3 *, const char *, const void *, void *,
                    void (*)(void *));

int sqlite3_open_v2(const char *name, struct sqlite3 **db, int flags,
                    const char *vfs)
{
    opener *next;
    remover *create_module;
    int status;

    *(void **)&next = dlsym(RTLD_NEXT, "sqlite3_open_v2");
    *(void **)&create_module = dlsym(RTLD_NEXT, "sqlite3_create_module_v2");
    status = next(name, db, flags, vfs);
    if (status == 0)
        create_module(*db, "fts5", 0, 0, 0);
    return status;
}
