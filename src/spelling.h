/*
 * spelling.h - the bytes of a text with its escapes decoded, and where each one
 * stands. Pure.
 *
 * Decoded are %2F, \/, \u002f, \x2f, &#47;, &#x2F; and &sol;, and escapes of
 * escapes in further layers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define MEET_SPELLING_LAYERS 4
#define MEET_SPELLING_AHEAD                          \
    12 /* units of the longest escape: "&#x000002F;" \
        */

/* What escapes begin with. */
#define MEET_SPELLING_ANY  "%\\&"
#define MEET_SPELLING_JSON "\\"

enum {
    MEET_SPELLING_END = -1,
    MEET_SPELLING_OTHER = 255 /* an escape of what is not ASCII */
};

struct meet_spelling_unit {
    int byte; /* or END: the text ends, perhaps within an escape */
    size_t start, end;
};

/* Units of the layer below that were read to recognise an escape. */
struct meet_spelling_layer {
    struct meet_spelling_unit ahead[MEET_SPELLING_AHEAD];
    unsigned count;
    bool decoded; /* some escape */
};

struct meet_spelling {
    const char *text; /* what has been given out may be overwritten */
    size_t length, at;
    const char *escapes;
    unsigned waiting; /* units ahead, in all layers */
    struct meet_spelling_layer layers[MEET_SPELLING_LAYERS];
};

/*
 * Begin to read a text. Of the escapes only those count that begin with a byte
 * of 'escapes'. Both are borrowed.
 */
void meet_spelling_start(struct meet_spelling *reader, const char *text,
                         size_t length, const char *escapes);

/* The next byte after decoding 'depth' layers, the same in each call. */
struct meet_spelling_unit meet_spelling_next(struct meet_spelling *reader,
                                             unsigned depth);
