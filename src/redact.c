/* redact.c - see redact.h. */
#include "redact.h"

#include "ascii.h"
#include "checksum.h"
#include "spelling.h"
#include "wipe.h"

#include <stdbool.h>
#include <string.h>

#define LONGEST  4096 /* of a secret; what follows is not looked at */
#define SHORTEST 4    /* a shorter one would hide ordinary words */

/* What is searched, and by how much it moves on (Knuth, Morris, Pratt). */
struct pattern {
    unsigned char bytes[LONGEST];
    unsigned short next[LONGEST];
    size_t length;
};

/* A form turns a '+' into a blank, and no secret has a blank. */
static int fold(int byte)
{
    return byte == ' ' ? '+' : byte;
}

/* How much of the pattern is there after one more byte. */
static size_t step(const struct pattern *pattern, size_t matched, int byte)
{
    while (pattern->bytes[matched] != byte) {
        if (matched == 0)
            return 0;
        matched = pattern->next[matched - 1];
    }
    return matched + 1;
}

static void make_pattern(struct pattern *pattern, const char *secret,
                         size_t size, unsigned depth)
{
    struct meet_spelling reader;
    struct meet_spelling_unit unit;
    size_t matched = 0;

    meet_spelling_start(&reader, secret, size < LONGEST ? size : LONGEST,
                        MEET_SPELLING_ANY);
    for (pattern->length = 0; pattern->length < LONGEST; pattern->length++) {
        unit = meet_spelling_next(&reader, depth);
        if (unit.byte == MEET_SPELLING_END)
            break;
        pattern->bytes[pattern->length] = (unsigned char)fold(unit.byte);
    }
    for (size_t i = 0; i < pattern->length; i++) {
        matched = i ? step(pattern, matched, pattern->bytes[i]) : 0;
        pattern->next[i] = (unsigned short)matched;
    }
}

/* Blank the pattern in the text, decoded; true: there was an escape to it. */
static bool blank_pattern(char *text, size_t length,
                          const struct pattern *pattern, const char *escapes,
                          unsigned depth)
{
    struct meet_spelling reader;
    struct meet_spelling_unit unit;
    size_t starts[LONGEST] = {0}; /* of the last units */
    size_t count = 0, matched = 0, blanked = 0;

    meet_spelling_start(&reader, text, length, escapes);
    while ((unit = meet_spelling_next(&reader, depth)).byte !=
           MEET_SPELLING_END) {
        size_t from;

        starts[count++ % LONGEST] = unit.start;
        matched = step(pattern, matched, fold(unit.byte));
        if (matched < pattern->length)
            continue;
        from = starts[(count - matched) % LONGEST];
        from = from > blanked ? from : blanked; /* they may overlap */
        memset(text + from, '*', unit.end - from);
        blanked = unit.end;
        matched = pattern->next[matched - 1];
    }
    if (matched >= SHORTEST) {
        size_t from = starts[(count - matched) % LONGEST];

        memset(text + from, '*', length - from);
    }
    return depth == 0 || reader.layers[depth - 1].decoded;
}

void meet_redact(char *text, size_t length, const char *secret, size_t size)
{
    struct pattern pattern = {0};
    bool decoded = true;

    if (size < SHORTEST)
        return;
    make_pattern(&pattern, secret, size, 0);
    /* In a JSON string, what looks like another escape is none. */
    blank_pattern(text, length, &pattern, MEET_SPELLING_JSON, 1);
    for (unsigned depth = 0; depth <= MEET_SPELLING_LAYERS && decoded; depth++)
        decoded =
            blank_pattern(text, length, &pattern, MEET_SPELLING_ANY, depth);
    /* Of a secret that looks escaped, what both decode to. */
    make_pattern(&pattern, secret, size, MEET_SPELLING_LAYERS);
    if (pattern.length >= SHORTEST && pattern.length < size)
        blank_pattern(text, length, &pattern, MEET_SPELLING_ANY,
                      MEET_SPELLING_LAYERS);
    meet_wipe(pattern.bytes, sizeof pattern.bytes);
}

void meet_redact_wiped(char *text, size_t length, size_t size,
                       uint64_t checksum)
{
    if (size < SHORTEST)
        return;
    for (size_t i = 0; i + size <= length; i++)
        if (meet_checksum(text + i, size) == checksum)
            memset(text + i, '*', size);
}

/* The names of secret fields, in lower case without '_' and '-'. */
static const struct field {
    const char *name;
    bool word; /* an ordinary one: counts alone, and quoted or before '=' */
} fields[] = {
    {"sessiontoken", false}, {"accesstoken", false},  {"refreshtoken", false},
    {"apikey", false},       {"clientsecret", false}, {"authorization", false},
    {"token", true},         {"secret", true},        {"password", true},
};

struct scan {
    struct meet_spelling reader;
    struct meet_spelling_unit now;
};

static void advance(struct scan *scan)
{
    scan->now = meet_spelling_next(&scan->reader, MEET_SPELLING_LAYERS);
}

static bool is_one_of(const char *set, int byte)
{
    return byte > 0 && byte < 128 && strchr(set, byte);
}

/* Skip a word. Keep its last characters in lower case; return its length. */
static size_t read_word(struct scan *scan, char end[16])
{
    size_t length = 0;

    memset(end, 0, 16);
    for (; meet_ascii_is_alphanumeric(scan->now.byte) ||
           is_one_of("_-", scan->now.byte);
         advance(scan)) {
        int byte = scan->now.byte;

        if (!meet_ascii_is_alphanumeric(byte))
            continue;
        memmove(end, end + 1, 14);
        end[14] = (char)meet_ascii_lower(byte);
        length++;
    }
    return length;
}

/* Skip a word that may name a field; the secret field, or NULL. */
static const struct field *read_name(struct scan *scan)
{
    char end[16];
    size_t length = read_word(scan, end);

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t size = strlen(fields[i].name);

        if ((fields[i].word ? length == size : length >= size) &&
            memcmp(end + 15 - size, fields[i].name, size) == 0)
            return &fields[i];
    }
    return NULL;
}

static void skip(struct scan *scan, const char *set)
{
    while (is_one_of(set, scan->now.byte))
        advance(scan);
}

static void blank_now(struct scan *scan, char *text)
{
    memset(text + scan->now.start, '*', scan->now.end - scan->now.start);
    advance(scan);
}

static size_t width(struct meet_spelling_unit unit)
{
    return unit.end - unit.start;
}

/* Blank up to the quote that closes the one at hand: it is escaped alike. */
static void blank_quoted(struct scan *scan, char *text)
{
    struct meet_spelling_unit quote = scan->now;

    advance(scan);
    while (scan->now.byte != MEET_SPELLING_END &&
           (scan->now.byte != quote.byte || width(scan->now) > width(quote)))
        blank_now(scan, text);
    advance(scan);
}

/*
 * Blank a value without quotes: it ends where a query or a line would end it.
 * What is escaped beyond the separator belongs to it.
 */
static void blank_bare(struct scan *scan, char *text,
                       struct meet_spelling_unit separator)
{
    const char *from = text + scan->now.start;
    bool scheme =
        width(scan->now) == 1 && ((scan->reader.length - scan->now.start > 7 &&
                                   memcmp(from, "Bearer ", 7) == 0) ||
                                  (scan->reader.length - scan->now.start > 6 &&
                                   memcmp(from, "Basic ", 6) == 0));

    for (;;) {
        int byte = scan->now.byte;
        bool escaped = width(scan->now) > width(separator);

        if (scheme && byte == ' ')
            scheme = false;
        else if (byte <= ' ' || is_one_of("\"'<>", byte) ||
                 (!escaped && !meet_ascii_is_alphanumeric(byte) &&
                  !is_one_of("-._~%+/=", byte)))
            return;
        blank_now(scan, text);
    }
}

/* Blank the value that follows the name of a secret field; or each in a list.
 */
static void blank_value(struct scan *scan, char *text,
                        const struct field *field)
{
    struct meet_spelling_unit separator;
    bool quoted = is_one_of("\"'", scan->now.byte), more;

    if (quoted)
        advance(scan);
    skip(scan, " \t\n");
    separator = scan->now;
    if (!is_one_of(":=", separator.byte) ||
        (field->word && !quoted && separator.byte == ':'))
        return;
    advance(scan);
    skip(scan, " \t");
    if (!quoted && !is_one_of("\"'", scan->now.byte)) {
        blank_bare(scan, text, separator);
        return;
    }
    more = scan->now.byte == '[';
    skip(scan, " \t\r\n[");
    while (is_one_of("\"'", scan->now.byte)) {
        blank_quoted(scan, text);
        if (more)
            skip(scan, " \t\r\n,");
    }
}

void meet_redact_fields(char *text, size_t length)
{
    struct scan scan;

    meet_spelling_start(&scan.reader, text, length, MEET_SPELLING_ANY);
    advance(&scan);
    while (scan.now.byte != MEET_SPELLING_END) {
        const struct field *field = NULL;

        if (meet_ascii_is_alphanumeric(scan.now.byte))
            field = read_name(&scan);
        else
            advance(&scan);
        if (field)
            blank_value(&scan, text, field);
    }
}
