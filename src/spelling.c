/* spelling.c - see spelling.h. */
#include "spelling.h"

#include "ascii.h"

#include <string.h>

static struct meet_spelling_unit pull(struct meet_spelling *reader,
                                      unsigned depth);

/* The byte 'index' units ahead in what the layer reads. */
static int peek(struct meet_spelling *reader, unsigned depth, unsigned index)
{
    struct meet_spelling_layer *layer = &reader->layers[depth - 1];

    while (layer->count <= index) {
        layer->ahead[layer->count++] = pull(reader, depth - 1);
        reader->waiting++;
    }
    return layer->ahead[index].byte;
}

/*
 * Read 'digits' hexadecimal digits from 'index' on. Return the number of units
 * up to their end; 0: they are not there.
 */
static unsigned read_hex(struct meet_spelling *reader, unsigned depth,
                         unsigned index, unsigned digits, int *value)
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++) {
        int digit = peek(reader, depth, index + i);

        if (digit == MEET_SPELLING_END) { /* the text is cut within an escape */
            *value = MEET_SPELLING_END;
            return index + i;
        }
        digit = meet_ascii_hex(digit);
        if (digit < 0)
            return 0;
        *value = *value * 16 + digit;
    }
    return index + digits;
}

static unsigned read_backslash(struct meet_spelling *reader, unsigned depth,
                               int *value)
{
    int next = peek(reader, depth, 1);

    if (next == 'u')
        return read_hex(reader, depth, 2, 4, value);
    if (next == 'x')
        return read_hex(reader, depth, 2, 2, value);
    *value = next;
    if (next == MEET_SPELLING_END)
        return 1;
    if (next <= 0 || !strchr("\"'\\/bfnrt", next))
        return 0;
    if (strchr("bfnrt", next))
        *value = '\n'; /* or another control byte */
    return 2;
}

/* The ASCII character of an entity's name, or MEET_SPELLING_OTHER. */
static int named(const char *name)
{
    static const struct {
        const char *name;
        char byte;
    } entities[] = {
        {"amp", '&'},    {"lt", '<'},     {"gt", '>'},     {"quot", '"'},
        {"apos", '\''},  {"sol", '/'},    {"plus", '+'},   {"equals", '='},
        {"period", '.'}, {"lowbar", '_'}, {"percnt", '%'}, {"bsol", '\\'},
        {"colon", ':'},  {"quest", '?'},  {"num", '#'},    {"dollar", '$'},
    };

    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strcmp(entities[i].name, name) == 0)
            return entities[i].byte;
    return MEET_SPELLING_OTHER;
}

/* The value of "#47" or "#x2F"; -1: not a number. */
static int numbered(const char *name)
{
    int base = meet_ascii_lower(name[1]) == 'x' ? 16 : 10, value = 0;

    name += base == 16 ? 2 : 1;
    for (const char *c = name; *c; c++) {
        int digit = meet_ascii_hex(*c);

        if (digit < 0 || digit >= base)
            return -1;
        value = value < MEET_SPELLING_OTHER ? value * base + digit : value;
    }
    return *name ? value : -1;
}

static unsigned read_entity(struct meet_spelling *reader, unsigned depth,
                            int *value)
{
    char name[MEET_SPELLING_AHEAD];
    unsigned i;

    for (i = 1; i < MEET_SPELLING_AHEAD; i++) {
        int next = peek(reader, depth, i);

        if (next == MEET_SPELLING_END) {
            *value = MEET_SPELLING_END;
            return i > 1 && name[0] == '#' ? i : 0;
        }
        if (next == ';')
            break;
        if (next != '#' && !meet_ascii_is_alphanumeric(next))
            return 0;
        name[i - 1] = (char)next;
    }
    if (i == MEET_SPELLING_AHEAD || i == 1)
        return 0;
    name[i - 1] = '\0';
    *value = name[0] == '#' ? numbered(name) : named(name);
    return *value < 0 ? 0 : i + 1;
}

/* Read the escape at the layer's next unit: its length in units, or 0. */
static unsigned read_escape(struct meet_spelling *reader, unsigned depth,
                            int *value)
{
    int byte = peek(reader, depth, 0);

    if (byte <= 0 || !strchr(reader->escapes, byte))
        return 0;
    switch (byte) {
    case '%':
        return read_hex(reader, depth, 1, 2, value);
    case '\\':
        return read_backslash(reader, depth, value);
    default: /* '&' */
        return read_entity(reader, depth, value);
    }
}

static struct meet_spelling_unit pull_raw(struct meet_spelling *reader)
{
    struct meet_spelling_unit unit = {MEET_SPELLING_END, reader->at,
                                      reader->at};

    if (reader->at < reader->length) {
        unit.byte = (unsigned char)reader->text[reader->at];
        unit.end = ++reader->at;
    }
    return unit;
}

/* The next unit, decoded in 'depth' layers. */
static struct meet_spelling_unit pull(struct meet_spelling *reader,
                                      unsigned depth)
{
    struct meet_spelling_layer *layer;
    struct meet_spelling_unit unit;
    unsigned taken;
    int value;

    if (depth == 0 || (reader->waiting == 0 &&
                       (reader->at == reader->length ||
                        !strchr(reader->escapes, reader->text[reader->at]))))
        return pull_raw(reader);
    layer = &reader->layers[depth - 1];
    taken = read_escape(reader, depth, &value);
    unit = layer->ahead[0];
    if (taken > 0) {
        layer->decoded = true;
        unit.byte = value < 128 ? value : MEET_SPELLING_OTHER;
        unit.end = layer->ahead[taken - 1].end;
    } else {
        taken = 1;
    }
    layer->count -= taken;
    reader->waiting -= taken;
    memmove(layer->ahead, layer->ahead + taken,
            layer->count * sizeof *layer->ahead);
    return unit;
}

void meet_spelling_start(struct meet_spelling *reader, const char *text,
                         size_t length, const char *escapes)
{
    reader->escapes = escapes;
    reader->text = text;
    reader->length = length;
    reader->at = 0;
    reader->waiting = 0;
    for (unsigned i = 0; i < MEET_SPELLING_LAYERS; i++) {
        reader->layers[i].count = 0;
        reader->layers[i].decoded = false;
    }
}

struct meet_spelling_unit meet_spelling_next(struct meet_spelling *reader,
                                             unsigned depth)
{
    return pull(reader, depth);
}
