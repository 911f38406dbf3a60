/* ledger_file.c - see ledger_file.h. */
#include "ledger_file.h"

#include <string.h>
#include <unistd.h>

enum { VERSION = 1 };

static const char magic[8] = "meetlim"; /* with its end */

/* How the file begins; the places follow. Processes of one machine have one
   byte order. */
struct stored {
    char magic[sizeof magic];
    uint32_t version;
    uint32_t locker; /* the process that changes it; 0: it is whole */
    struct meet_ledger_head head;
};

/* 1 if it begins as ours, 0 if it is torn or empty, -1 if it is not ours. */
static int check_start(const struct meet_shared_file *file,
                       const struct stored *stored, size_t size,
                       struct meet_error *err)
{
    static const char zeros[sizeof magic];
    size_t known = size < sizeof magic ? size : sizeof magic;

    if (memcmp(stored->magic, zeros, known) == 0)
        return 0;
    if (memcmp(stored->magic, magic, known) != 0)
        return meet_shared_file_refuse(file, "it is not a limiter's file",
                                       "give meet.limiter.file its own path",
                                       err);
    if (size >= offsetof(struct stored, head) && stored->version != VERSION)
        return meet_shared_file_refuse(
            file, "another version of googlemeet made it",
            "remove it as soon as no program uses that version", err);
    return size == sizeof *stored && stored->locker == 0;
}

/* Read the places that the head says there are: 0 where they cannot be. */
static int read_places(struct meet_shared_file *file,
                       struct meet_ledger *ledger, struct meet_error *err)
{
    uint64_t most = (uint64_t)meet_shared_file_size(file);
    size_t size;
    long long got;

    if (ledger->head.places > most / sizeof *ledger->place)
        return 0;
    if (!meet_ledger_grow(ledger, (size_t)ledger->head.places)) {
        meet_error_set(err, MEET_MEMORY, "no memory for the limiter's places");
        return -1;
    }
    size = (size_t)ledger->head.places * sizeof *ledger->place;
    got = meet_shared_file_read(file, ledger->place, size,
                                sizeof(struct stored), err);
    if (got < 0)
        return -1;
    return (size_t)got == size && meet_ledger_is_sound(ledger);
}

static int mark(struct meet_shared_file *file, struct meet_error *err)
{
    struct stored stored = {.version = VERSION, .locker = (uint32_t)getpid()};

    memcpy(stored.magic, magic, sizeof magic);
    return meet_shared_file_write(file, &stored, offsetof(struct stored, head),
                                  0, err);
}

int meet_ledger_file_load(struct meet_shared_file *file,
                          struct meet_ledger *ledger, struct meet_error *err)
{
    struct stored stored = {.locker = 0};
    long long got = meet_shared_file_read(file, &stored, sizeof stored, 0, err);
    int good;

    if (got < 0)
        return -1;
    good = check_start(file, &stored, (size_t)got, err);
    if (good < 0)
        return -1;
    ledger->head = stored.head;
    if (good)
        good = read_places(file, ledger, err);
    if (good < 0)
        return -1;
    if (!good)
        ledger->head = (struct meet_ledger_head){.marker = MEET_ALWAYS};
    return mark(file, err);
}

int meet_ledger_file_store(struct meet_shared_file *file,
                           const struct meet_ledger *ledger,
                           struct meet_error *err)
{
    size_t size = (size_t)ledger->head.places * sizeof *ledger->place;
    uint32_t nobody = 0;

    if (meet_shared_file_write(file, &ledger->head, sizeof ledger->head,
                               offsetof(struct stored, head), err) < 0 ||
        meet_shared_file_write(file, ledger->place, size, sizeof(struct stored),
                               err) < 0)
        return -1;
    return meet_shared_file_write(file, &nobody, sizeof nobody,
                                  offsetof(struct stored, locker), err);
}

unsigned long meet_ledger_file_locker(struct meet_shared_file *file)
{
    struct stored stored = {.locker = 0};
    struct meet_error ignored;

    meet_shared_file_read(file, &stored, offsetof(struct stored, head), 0,
                          &ignored);
    return stored.locker;
}
