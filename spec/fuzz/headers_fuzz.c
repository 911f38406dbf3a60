/*
 * headers_fuzz.c - fields parsed from any bytes can be appended, and written
 * out they parse into the same.
 */
#include "headers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void write_field(struct meet_buffer *text,
                        const struct meet_header *field)
{
    struct meet_error err;

    demand(!meet_buffer_append_string(text, field->name, &err) &&
           !meet_buffer_append_string(text, ": ", &err) &&
           !meet_buffer_append_string(text, field->value, &err) &&
           !meet_buffer_append_string(text, "\r\n", &err));
}

static void demand_same(const struct meet_headers *one,
                        const struct meet_headers *other)
{
    demand(one->count == other->count);
    for (size_t i = 0; i < one->count; i++) {
        demand(strcmp(one->fields[i].name, other->fields[i].name) == 0);
        demand(strcmp(one->fields[i].value, other->fields[i].value) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct meet_headers parsed = {0};
    struct meet_headers appended = {0};
    struct meet_headers again = {0};
    struct meet_error err = {.kind = MEET_OK};
    struct meet_buffer text;

    meet_buffer_init(&text, SIZE_MAX);
    demand(!meet_headers_parse(&parsed, (const char *)data, size, &err));
    demand(err.kind == MEET_OK);
    for (size_t i = 0; i < parsed.count; i++) {
        const struct meet_header *field = &parsed.fields[i];

        demand(meet_headers_get(&parsed, field->name) != NULL);
        demand(!meet_headers_append(&appended, field->name, field->value,
                                    strlen(field->value), &err));
        write_field(&text, field);
    }
    demand_same(&parsed, &appended);
    demand(!meet_headers_parse(&again, text.bytes, text.length, &err));
    demand_same(&parsed, &again);
    meet_buffer_deinit(&text);
    meet_headers_deinit(&parsed);
    meet_headers_deinit(&appended);
    meet_headers_deinit(&again);
    return 0;
}
