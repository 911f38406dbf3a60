/*
 * response_fuzz.c - any answer becomes an outcome with a plausible server
 * delay.
 */
#include "response.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the status; up to the first NUL the head, behind it the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct meet_response response;
    struct meet_outcome outcome;
    struct meet_error err;
    const char *text = (const char *)data + 1;
    size_t head;

    if (size < 2)
        return 0;
    head = strnlen(text, size - 1);
    meet_response_init(&response, 4096);
    response.status = 400 + data[0];
    meet_buffer_append(&response.head, text, head, &err);
    if (head + 1 < size)
        meet_buffer_append(&response.body, text + head + 1, size - head - 2,
                           &err);
    memset(&outcome, 0, sizeof outcome);
    meet_response_outcome(&response, MEET_SECONDS(1700000000), &outcome);
    if (outcome.server_delay < -1)
        abort();
    meet_response_deinit(&response);
    return 0;
}
