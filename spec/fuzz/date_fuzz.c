/*
 * date_fuzz.c - for any text a result is in its range; a date is read as the C
 * library writes it.
 */
#include "date.h"

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
static void demand_same_date(const char *text, double seconds)
{
    time_t time = (time_t)seconds;
    const struct tm *parts = gmtime(&time);
    char written[100];
    char hours[100];
    double again;

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
    double seconds = 0;
    double wait = meet_date_retry_after(text, 784111777);

    demand(wait >= 0 ? wait <= 1e9 : wait == -1);
    if (!meet_date_parse_http(text, &seconds))
        return;
    demand(seconds >= -62167219200.0 && seconds <= 253402300800.0);
    demand(seconds == (double)(int64_t)seconds);
    demand_same_date(text, seconds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double duration = meet_date_duration((const char *)data, size);
    char *text = malloc(size + 1);

    demand(duration >= 0 ? duration <= 315576000001.0 : duration == -1);
    demand(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    fuzz_text(text);
    free(text);
    return 0;
}
