/*
 * scan_test.c - texts with and without numbers, and random ones: never may a
 * number or null be overlooked.
 */
#include "buffer.h"
#include "check.h"
#include "scan.h"

static bool scan(const char *text, size_t length)
{
    char *copy = check_copy(text, length);
    bool found = meet_scan_may_hold_number(copy, length);

    free(copy);
    return found;
}

/* Behind each width of white space, so that each place in a block is met. */
static void check_text(const char *text, bool expected)
{
    char shifted[512];
    size_t length = strlen(text);

    for (size_t blanks = 0; blanks <= 130; blanks++) {
        memset(shifted, ' ', blanks);
        memcpy(shifted + blanks, text, length);
        CHECK(scan(shifted, blanks + length) == expected,
              "%zu blanks and %s: %s expected", blanks, text,
              expected ? "true" : "false");
    }
}

static void check_cases(void)
{
    static const struct {
        const char *text;
        bool found;
    } cases[] = {
        {"", false},
        {"{}", false},
        {"[]", false},
        {"true", false},
        {"\"1\"", false},
        {"1", true},
        {"-1", true},
        {" \n null", true},
        {"[1]", true},
        {"[ -1]", true},
        {"[null]", true},
        {"[[[0]]]", true},
        {"[[],0]", true},
        {"[{} , 0]", true},
        {"[true,null]", true},
        {"[false,\n\t9]", true},
        {"[\"a\",1]", true},
        {"[\"a\" ,\r\n1]", true},
        {"[true,false,\"n\",[],{}]", false},
        {"{\"a\":1}", true},
        {"{\"a\":-1}", true},
        {"{\"a\":null}", true},
        {"{\"a\" : null}", true},
        {"{\"a\"\n:\n0}", true},
        {"{\"a\":{\"b\":[\"c\",{\"d\":0}]}}", true},
        {"{\"a\":\"b\",\"n\":\"1\"}", false},
        {"{\n  \"a\": \"b\",\n  \"n\": true\n}", false},
        {"{\"t\":\"2026-03-02T09:00:02.5Z\"}", false},
        {"{\"t\":\"09:00:02, 12 noon\"}", false},
        {"{\"name\":\"conferenceRecords/1/participants/2\"}", false},
        {"{\"a\":\"Lovelace, Ada : 1\"}", false},
        {"{\"a\":\"Smith, nancy 5 -1 null\"}", false},
        {"{\"a\":\"x\\\\\",\"b\":1}", true},
        /* looks like one, and may be taken for one */
        {"{\"a\":\"[1]\"}", true},
        {"{\"a\":\"\\\":1\"}", true},
        {"{\"a\":\"Lee, nancy\"}", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_text(cases[i].text, cases[i].found);
}

/* The same question, from the front and byte by byte. */
static bool slow_scan(const char *text, size_t length)
{
    char before = '\0', second = '\0'; /* what was seen last, not blank */

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if ((unsigned char)c <= ' ')
            continue;
        if (c == 'n' || c == '-' || (c >= '0' && c <= '9')) {
            if (before == '\0' || before == '[' ||
                (before == ':' && (second == '"' || second == '\0')) ||
                (before == ',' && strchr("\"}]e", second)))
                return true;
        }
        second = before;
        before = c;
    }
    return false;
}

static unsigned random_below(unsigned *state, unsigned limit)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 16) % limit;
}

/* A text in the making; 'number' once one or a null is in it. */
struct made {
    struct meet_buffer text;
    unsigned state;
    bool number;
};

static void add(struct made *made, const char *bytes, size_t length)
{
    struct meet_error err;

    if (meet_buffer_append(&made->text, bytes, length, &err) < 0)
        abort();
}

static void add_blank(struct made *made)
{
    while (random_below(&made->state, 8) == 0)
        add(made, &" \n\t\r"[random_below(&made->state, 4)], 1);
}

/* Of bytes that mean something outside strings. */
static void add_string(struct made *made)
{
    static const char bytes[] = "\"\\:,[]{}n-019e ntrue.";

    add(made, "\"", 1);
    for (unsigned left = random_below(&made->state, 12); left > 0; left--) {
        const char *byte = &bytes[random_below(&made->state, sizeof bytes - 1)];

        if (*byte == '"' || *byte == '\\')
            add(made, "\\", 1);
        add(made, byte, 1);
    }
    add(made, "\"", 1);
}

static void add_scalar(struct made *made)
{
    static const char *const words[] = {"true", "false", "null", "0",
                                        "-1.5", "1e9",   "12"};
    unsigned word = random_below(&made->state, 40);

    if (word >= 7) {
        add_string(made);
        return;
    }
    made->number = made->number || word >= 2;
    add(made, words[word], strlen(words[word]));
}

static void add_value(struct made *made, unsigned depth)
{
    bool object = random_below(&made->state, 2) == 0;
    unsigned count = random_below(&made->state, 5);

    add_blank(made);
    if (depth == 0 || random_below(&made->state, 3) == 0) {
        add_scalar(made);
        add_blank(made);
        return;
    }
    add(made, object ? "{" : "[", 1);
    add_blank(made);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            add(made, ",", 1);
        add_blank(made);
        if (object) {
            add_string(made);
            add_blank(made);
            add(made, ":", 1);
        }
        add_value(made, depth - 1);
    }
    add(made, object ? "}" : "]", 1);
    add_blank(made);
}

static void check_random(void)
{
    struct made made = {.state = 20260302};
    unsigned without = 0;

    meet_buffer_init(&made.text, (size_t)1 << 20);
    for (unsigned i = 0; i < 50000; i++) {
        const char *text;
        bool found;

        meet_buffer_clear(&made.text);
        made.number = false;
        add_value(&made, 1 + i % 5);
        text = meet_buffer_string(&made.text);
        found = scan(text, made.text.length);
        without += !found;
        if (made.number && !found)
            CHECK(false, "overlooked: %s", text);
        if (found != slow_scan(text, made.text.length))
            CHECK(false, "not as byte by byte: %s", text);
    }
    CHECK(without > 5000, "%u texts without numbers", without);
    meet_buffer_deinit(&made.text);
}

/* Any bytes at all: no parser ran before, and nothing is read beyond them. */
static void check_garbage(void)
{
    static const char bytes[] = "\":,[]{}n-0 \n\\eE\x80\xff";
    unsigned state = 7;
    char text[200];

    for (unsigned i = 0; i < 50000; i++) {
        size_t length = random_below(&state, sizeof text);

        for (size_t at = 0; at < length; at++)
            text[at] = bytes[random_below(&state, sizeof bytes - 1)];
        if (scan(text, length) != slow_scan(text, length))
            CHECK(false, "not as byte by byte: %.*s", (int)length, text);
    }
}

int main(void)
{
    check_cases();
    check_random();
    check_garbage();
    return check_report();
}
