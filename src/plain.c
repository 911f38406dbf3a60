/* plain.c - see plain.h. */
#include "plain.h"

/* Bytes that follow the lead byte of a UTF-8 character; 0: it leads none. */
static size_t followers(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

/* Bytes of the UTF-8 character at 'text'; 1 for a byte that begins none. */
static size_t measure(const unsigned char *text, size_t left)
{
    size_t count = followers(text[0]);

    if (count >= left)
        return 1;
    for (size_t i = 1; i <= count; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 1;
    return count + 1;
}

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

        size = measure(at, length - i);
        if (steers(at, size)) {
            text[kept++] = ' ';
            continue;
        }
        for (size_t j = 0; j < size; j++)
            text[kept++] = text[i + j];
    }
    return kept;
}
