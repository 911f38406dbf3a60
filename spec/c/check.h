/*
 * check.h - for C tests: counted checks, and the last line. Each test is one
 * program that includes this once. A failed check reports where and what on
 * stderr, and the program continues.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one state of a test program. */
static struct {
    int passed;
    int failed;
} check_counts;

__attribute__((format(printf, 4, 5))) static inline bool
check_count(bool holds, const char *file, int line, const char *format, ...)
{
    va_list arguments;

    if (holds) {
        check_counts.passed++;
        return true;
    }
    check_counts.failed++;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return false;
}

static inline bool check_string(const char *actual, const char *expected,
                                const char *file, int line, const char *what)
{
    bool same = actual && strcmp(actual, expected) == 0;

    return check_count(same, file, line, "%s: \"%s\" expected, got \"%s\"",
                       what, expected, actual ? actual : "(NULL)");
}

/*
 * A copy on the heap with no byte after it, so that a sanitizer detects reads
 * past the end. The caller frees it.
 */
static inline char *check_copy(const char *bytes, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);

    if (!copy)
        abort();
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

/* Print the only line on stdout; return the exit status. */
static inline int check_report(void)
{
    printf("%d passed, %d failed\n", check_counts.passed, check_counts.failed);
    return check_counts.failed > 0 || check_counts.passed == 0;
}

/* Check a condition; then what was expected, as printf's arguments. */
#define CHECK(condition, ...) \
    check_count((condition), __FILE__, __LINE__, __VA_ARGS__)

/* Check that 'actual' is the string 'expected'. */
#define CHECK_STRING(actual, expected, what) \
    check_string((actual), (expected), __FILE__, __LINE__, (what))
