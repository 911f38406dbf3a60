/* plain_test.c - what a line of text loses. */
#include "check.h"
#include "plain.h"

static void check_lines(void)
{
    static const struct {
        const char *text, *left;
    } cases[] = {
        {"", ""},
        {"a b~", "a b~"},
        {"a\nb\r\nc\td", "a b  c d"},
        {"\x1B[31mred\x7F\a", " [31mred  "},
        {"h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
         "h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
        {"\xC2\x9B"
         "31m\xC2\x80\xC2\xA0",
         " 31m \xC2\xA0"},
        {"\x9B"
         "31m\x80 \xA0\xFF",
         " 31m  \xA0\xFF"},
        {"a\xE2\x80\xAE"
         "b\xE2\x80\xAA\xE2\x81\xA6\xE2\x81\xA9",
         "a b   "},
        {"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C", "     "},
        {"\xE2\x80\x90\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA",
         "\xE2\x80\x90\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"},
        {"\xC3", "\xC3"},
        {"\xE2\x80", "\xE2 "}, /* broken: its bytes count alone */
        {"\xC3\x1B[", "\xC3 ["},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].text), left = strlen(cases[i].left);
        char *text = check_copy(cases[i].text, length);
        size_t kept = meet_plain(text, length);

        CHECK(kept == left && memcmp(text, cases[i].left, left) == 0,
              "case %zu: '%s' expected, got '%.*s'", i, cases[i].left,
              (int)kept, text);
        free(text);
    }
}

static void check_nul(void)
{
    char text[] = "a\0b";

    CHECK(meet_plain(text, 3) == 3 && memcmp(text, "a b", 3) == 0, "a NUL");
}

int main(void)
{
    check_lines();
    check_nul();
    return check_report();
}
