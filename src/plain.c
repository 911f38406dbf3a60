/* plain.c - see plain.h. */
#include "plain.h"

#include "utf8.h"

static int steers(const unsigned char *at, size_t size)
{
    switch (size) {
    case 1: /* a stray 0x80 to 0x9F is C1 to an 8-bit terminal */
        return at[0] < ' ' || (at[0] >= 0x7F && at[0] <= 0x9F);
    case 2: /* C1; U+061C */
        return (at[0] == 0xC2 && at[1] <= 0x9F) ||
               (at[0] == 0xD8 && at[1] == 0x9C);
    case 3: /* U+200E, U+200F, U+2028 to U+202E; U+2066 to U+2069 */
        return at[0] == 0xE2 &&
               ((at[1] == 0x80 && (at[2] == 0x8E || at[2] == 0x8F ||
                                   (at[2] >= 0xA8 && at[2] <= 0xAE))) ||
                (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9));
    default:
        return 0;
    }
}

size_t meet_plain(char *text, size_t length)
{
    size_t kept = 0, size;

    for (size_t i = 0; i < length; i += size) {
        const unsigned char *at = (const unsigned char *)text + i;

        size = meet_utf8_size(text + i, length - i);
        size = size > 0 ? size : 1; /* a byte that begins none */
        if (steers(at, size)) {
            text[kept++] = ' ';
            continue;
        }
        for (size_t j = 0; j < size; j++)
            text[kept++] = text[i + j];
    }
    return kept;
}
