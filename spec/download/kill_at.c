/*
 * kill_at.c - preloaded into a process that downloads: it is killed at a step
 * that it names, which is before or after a call that changes files.
 *
 *   KILL_AT=N       the step, from 1; none or 0: only count
 *   KILL_COUNT=PATH the number of steps is written there in the end
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long steps;

static void step(void)
{
    const char *at = getenv("KILL_AT");

    if (++steps == (at ? strtoul(at, NULL, 10) : 0))
        kill(getpid(), SIGKILL);
}

static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);

    if (!function)
        abort();
    return function;
}

static int is_file(int descriptor)
{
    struct stat it;

    return fstat(descriptor, &it) == 0 && S_ISREG(it.st_mode);
}

/* Under the names of libc, with types that all of them can have. */
ssize_t write_some(int descriptor, const void *bytes,
                   size_t length) __asm__("write");
int cut(int descriptor, off_t size) __asm__("ftruncate");
int cut64(int descriptor, off_t size) __asm__("ftruncate64");
int sync_it(int descriptor) __asm__("fsync");
int rename_at(int from, const char *old, int to,
              const char *new_name) __asm__("renameat");
int unlink_at(int folder, const char *name, int flags) __asm__("unlinkat");
int remove_it(const char *name) __asm__("remove");
int open_at(int folder, const char *name, int flags, ...) __asm__("openat");
int open_at64(int folder, const char *name, int flags, ...) __asm__("openat64");

#define STEP_AROUND(result, call) \
    step();                       \
    result = call;                \
    step()

ssize_t write_some(int descriptor, const void *bytes, size_t length)
{
    ssize_t (*f)(int, const void *, size_t);
    ssize_t result;

    *(void **)&f = next("write");
    if (!is_file(descriptor))
        return f(descriptor, bytes, length);
    STEP_AROUND(result, f(descriptor, bytes, length));
    return result;
}

static int cut_by(const char *name, int descriptor, off_t size)
{
    int (*f)(int, off_t), result;

    *(void **)&f = next(name);
    STEP_AROUND(result, f(descriptor, size));
    return result;
}

int cut(int descriptor, off_t size)
{
    return cut_by("ftruncate", descriptor, size);
}

int cut64(int descriptor, off_t size)
{
    return cut_by("ftruncate64", descriptor, size);
}

int sync_it(int descriptor)
{
    int (*f)(int), result;

    *(void **)&f = next("fsync");
    STEP_AROUND(result, f(descriptor));
    return result;
}

int rename_at(int from, const char *old, int to, const char *new_name)
{
    int (*f)(int, const char *, int, const char *), result;

    *(void **)&f = next("renameat");
    STEP_AROUND(result, f(from, old, to, new_name));
    return result;
}

int unlink_at(int folder, const char *name, int flags)
{
    int (*f)(int, const char *, int), result;

    *(void **)&f = next("unlinkat");
    STEP_AROUND(result, f(folder, name, flags));
    return result;
}

int remove_it(const char *name)
{
    int (*f)(const char *), result;

    *(void **)&f = next("remove");
    STEP_AROUND(result, f(name));
    return result;
}

static int open_by(const char *symbol, int folder, const char *name, int flags,
                   mode_t mode)
{
    int (*f)(int, const char *, int, ...), result;

    *(void **)&f = next(symbol);
    if (!(flags & O_CREAT))
        return f(folder, name, flags, mode);
    STEP_AROUND(result, f(folder, name, flags, mode));
    return result;
}

#define MODE_OF(flags, mode)                               \
    do {                                                   \
        va_list list;                                      \
                                                           \
        va_start(list, flags);                             \
        mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; \
        va_end(list);                                      \
    } while (0)

int open_at(int folder, const char *name, int flags, ...)
{
    mode_t mode;

    MODE_OF(flags, mode);
    return open_by("openat", folder, name, flags, mode);
}

int open_at64(int folder, const char *name, int flags, ...)
{
    mode_t mode;

    MODE_OF(flags, mode);
    return open_by("openat64", folder, name, flags, mode);
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("KILL_COUNT");
    unsigned long count = steps;
    FILE *file = path ? fopen(path, "w") : NULL;

    if (file) {
        fprintf(file, "%lu\n", count);
        fclose(file);
    }
}
