/*
 * scan.c - see scan.h.
 *
 * A number or null begins with a digit, '-' or 'n', and outside strings only
 * white space is between it and what comes before:
 *   '[', or the beginning of the text;
 *   ',' after an element: the first number or null of a text follows one that
 *       ends with '"', '}', ']' or the 'e' of true and false;
 *   ':' after the '"' that closes a key.
 * Times and names in strings look like that seldom: "09:00" has no '"' there.
 */
#include "scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Control bytes are no white space of JSON, but in JSON nowhere else. */
static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static bool is_first(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == 'n';
}

/* The end of what is before 'end', white space left out. */
static size_t skip_back(const char *text, size_t end)
{
    while (end > 0 && is_blank(text[end - 1]))
        end--;
    return end;
}

/* True when a number or null may begin at 'at'. */
static bool may_begin(const char *text, size_t at)
{
    size_t end;

    if (!is_first(text[at]))
        return false;
    end = skip_back(text, at);
    if (end == 0 || text[end - 1] == '[')
        return true;
    if (text[end - 1] != ',' && text[end - 1] != ':')
        return false;
    at = end - 1;
    end = skip_back(text, at);
    if (end == 0)
        return true; /* no JSON */
    switch (text[end - 1]) {
    case '"':
        return true;
    case '}':
    case ']':
    case 'e':
        return text[at] == ',';
    default:
        return false;
    }
}

#if defined(__SSE2__)

enum { WIDTH = 16, BLOCK = 4 * WIDTH };

static __m128i load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static __m128i equal(__m128i bytes, char c)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/* Bytes of at most 'most', unsigned. */
static __m128i at_most(__m128i bytes, char most)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(most)), bytes);
}

/*
 * Where may_begin() is to look, a bit for each of WIDTH bytes: it is true
 * nowhere else. Two bytes before them are read.
 */
static inline uint64_t candidates(const char *at)
{
    __m128i here = load(at), before = load(at - 1), second = load(at - 2);
    /* '-', '.', '/' and the digits are neighbours */
    __m128i first =
        _mm_or_si128(at_most(_mm_sub_epi8(here, _mm_set1_epi8('-')), '9' - '-'),
                     equal(here, 'n'));
    /* white space, '!' and '"' are neighbours, too */
    __m128i colon = _mm_and_si128(equal(before, ':'), at_most(second, '"'));
    __m128i element = _mm_or_si128(equal(before, '['), equal(before, ','));
    __m128i other = _mm_or_si128(at_most(before, ' '), element);

    return (unsigned)_mm_movemask_epi8(
        _mm_and_si128(first, _mm_or_si128(colon, other)));
}

static bool check(const char *text, size_t from, uint64_t bits)
{
    for (; bits; bits &= bits - 1)
        if (may_begin(text, from + (size_t)__builtin_ctzll(bits)))
            return true;
    return false;
}

/* Go on from 'at' by whole vectors; '*end' is where the scalar rest begins. */
static bool scan_vectors(const char *text, size_t length, size_t at,
                         size_t *end)
{
    *end = at;
    if (length - at < WIDTH)
        return false;
    *end = length;
    for (; length - at >= BLOCK; at += BLOCK) {
        const char *block = text + at;
        uint64_t bits = candidates(block) | candidates(block + WIDTH) << 16 |
                        candidates(block + (ptrdiff_t)2 * WIDTH) << 32 |
                        candidates(block + (ptrdiff_t)3 * WIDTH) << 48;

        if (bits && check(text, at, bits))
            return true;
    }
    for (; length - at >= WIDTH; at += WIDTH)
        if (check(text, at, candidates(text + at)))
            return true;
    at = length - WIDTH; /* some again */
    return check(text, at, candidates(text + at));
}

#else

static bool scan_vectors(const char *text, size_t length, size_t at,
                         size_t *end)
{
    (void)text;
    (void)length;
    *end = at;
    return false;
}

#endif

bool meet_scan_may_hold_number(const char *text, size_t length)
{
    size_t at = 0;

    while (at < length && at < 2) /* vectors read two bytes before them */
        if (may_begin(text, at++))
            return true;
    if (scan_vectors(text, length, at, &at))
        return true;
    for (; at < length; at++)
        if (may_begin(text, at))
            return true;
    return false;
}
