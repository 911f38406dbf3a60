/*
 * freed_test.c - no memory that is given back holds the key: each free is
 * looked at, whatever comes to stand there later.
 */
#define _GNU_SOURCE /* memmem */
#include "auth.h"
#include "buffer.h"
#include "check.h"
#include "client.h"
#include "memory.h"

#include <malloc.h>

static const char key[] = "k3y-that-nobody-may-find";
static unsigned frees, shown;

/* The linker's names: every free of the sources comes here. */
void __real_free(void *memory);
void __wrap_free(void *memory);

void __wrap_free(void *memory)
{
    frees += memory != NULL;
    if (memory &&
        memmem(memory, malloc_usable_size(memory), key, sizeof key - 1))
        shown++;
    __real_free(memory);
}

/* What was freed since the last one held no key, and something was freed. */
static void check_frees(const char *what)
{
    CHECK(frees > 0, "%s: something is freed", what);
    CHECK(shown == 0, "%s: the key is in %u of %u blocks", what, shown, frees);
    frees = shown = 0;
}

static void check_buffer(void)
{
    struct meet_buffer buffer;
    struct meet_error err;
    static const char more[1000] = "";

    meet_buffer_init(&buffer, 10000);
    meet_buffer_append_string(&buffer, key, &err);
    meet_buffer_append(&buffer, more, sizeof more, &err);
    check_frees("a buffer that grew");
    meet_buffer_clear(&buffer);
    meet_buffer_append(&buffer, more, 100, &err);
    meet_buffer_append_string(&buffer, key, &err);
    meet_buffer_clear(&buffer);
    meet_buffer_wipe(&buffer);
    check_frees("a buffer that was cleared and wiped");
}

static void check_header(void)
{
    struct meet_headers headers = {0};
    struct meet_error err;

    CHECK(meet_auth_append(&headers, key, NULL, &err) == 0, "appended");
    check_frees("the field's value on its way");
    meet_headers_truncate(&headers, 0);
    check_frees("the field");
    CHECK(meet_headers_parse(&headers, key, sizeof key - 1, &err) == 0,
          "parsed");
    check_frees("a line");
    meet_headers_deinit(&headers);
}

static void check_client(void)
{
    struct meet_client client;
    struct meet_settings settings;
    struct meet_error err;

    meet_settings_init(&settings);
    settings.api_key = key;
    CHECK(meet_client_init(&client, &settings, 1, &err) == 0, "a client");
    CHECK(meet_client_set_key(&client, "another", 7, &err) == 0, "a new key");
    check_frees("a key that was replaced");
    meet_client_set_key(&client, key, sizeof key - 1, &err);
    meet_client_deinit(&client);
    check_frees("a client");
}

/* As libcurl keeps a head that it is about to send. */
static void check_memory(void)
{
    static const char line[] = "Authorization: Bearer k3y-that-nobody-may-find";
    char *head = meet_memory_realloc(NULL, sizeof line);

    memcpy(head, line, sizeof line);
    head = meet_memory_realloc(head, 4096);
    check_frees("memory that grew");
    CHECK(memcmp(head, line, sizeof line) == 0, "its bytes came along");
    CHECK(meet_memory_realloc(head, 10) == head, "shrunk, it stays");
    CHECK(memcmp(head, line, sizeof line) == 0, "its bytes stayed");
    meet_memory_free(head);
    check_frees("memory that was given back");
    meet_memory_free(NULL);
    CHECK(shown == 0, "nothing is nothing to wipe");
    frees = 0;
}

int main(void)
{
    check_memory();
    check_buffer();
    check_header();
    check_client();
    return check_report();
}
