/*
 * date_fuzz.c - for any text a result is in its range; a date is read as the C
 * library writes it.
 */
#include "date.h"
#include "nanoseconds.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* The date of 'seconds' must read as 'seconds', and hold the same clock. */
static void demand_same_date(const char *text, int64_t seconds)
{
    time_t time = (time_t)seconds;
    const struct tm *parts = gmtime(&time);
    char written[100];
    char hours[100];
    int64_t again;

    demand(parts != NULL);
    demand(strftime(written, sizeof written, "%a, %d %b ", parts) > 0);
    strftime(hours, sizeof hours, " %H:%M:%S GMT", parts);
    snprintf(written + strlen(written), 50, "%04d%s", parts->tm_year + 1900,
             hours);
    /* A leap second at the very end is the year 10000. */
    if (parts->tm_year + 1900 > 9999)
        return;
    demand(meet_date_parse_http(written, &again) && again == seconds);
    hours[6] = '\0';
    demand(strstr(text, ":60") || strstr(text, hours));
}

static void fuzz_text(const char *text)
{
    int64_t seconds = 0;
    int64_t wait = meet_date_retry_after(text, MEET_SECONDS(784111777));

    demand(wait >= 0 ? wait <= MEET_SECONDS(1000000000) : wait == -1);
    if (!meet_date_parse_http(text, &seconds))
        return;
    demand(seconds >= -62167219200 && seconds <= 253402300800);
    demand_same_date(text, seconds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t duration = meet_date_duration((const char *)data, size);
    char *text = malloc(size + 1);

    demand(duration >= -1);
    demand(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    fuzz_text(text);
    free(text);
    return 0;
}
