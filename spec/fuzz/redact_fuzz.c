/*
 * redact_fuzz.c - a secret that is spelled with up to four layers of escapes,
 * among any bytes, is blanked whole, and so much of the text stays as is not
 * part of it; no field's name makes anything read or write beyond the text.
 */
#include "redact.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 12, LAYERS = 4, WIDEST = 8 /* "&#x002f;" */ };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Append 'c' to 'out' as encoder 'kind' spells it. */
static char *spell(char *out, int c, unsigned kind)
{
    enum { SIZE = WIDEST + 1 };

    if (kind % 2 && is_letter((char)c)) { /* as most encoders leave it */
        *out = (char)c;
        return out + 1;
    }
    switch (kind / 2 % 6) {
    case 0:
        return out + snprintf(out, SIZE, "%%%02X", c);
    case 1:
        return out + snprintf(out, SIZE, "%%%02x", c);
    case 2:
        return out + snprintf(out, SIZE, "\\u%04X", c);
    case 3:
        return out + snprintf(out, SIZE, "\\x%02x", c);
    case 4:
        return out + snprintf(out, SIZE, "&#%d;", c);
    default:
        return out + snprintf(out, SIZE, "&#x%04X;", c);
    }
}

/* Spell 'from' by the encoder; the caller frees it. */
static char *encode(const char *from, unsigned kind)
{
    char *text = malloc(strlen(from) * WIDEST + 1), *out = text;

    for (; *from; from++)
        out = spell(out, *from, kind);
    *out = '\0';
    return text;
}

/* A secret of 4 to MOST characters, none of which begins an escape. */
static size_t take_secret(char *secret, const uint8_t *data, size_t size)
{
    size_t length = 4 + (size ? data[0] % (MOST - 3) : 0);

    for (size_t i = 0; i < length; i++) {
        secret[i] = (char)('!' + (i + 1 < size ? data[i + 1] % 94 : 'x' - '!'));
        if (strchr("%\\&*", secret[i]))
            secret[i] = '/';
    }
    secret[length] = '\0';
    return length;
}

static char *spell_secret(const char *secret, const uint8_t *kinds)
{
    char *spelled = strdup(secret);

    for (unsigned i = 0; i < LAYERS && kinds[i] < 192; i++) {
        char *next = encode(spelled, kinds[i]);

        free(spelled);
        spelled = next;
    }
    return spelled;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t kinds[LAYERS] = {0};
    char secret[MOST + 1], *spelled, *text, *at;
    size_t length = take_secret(secret, data, size), used = length + 1, whole;

    used = used < size ? used : size;
    memcpy(kinds, data + used, size - used < LAYERS ? size - used : LAYERS);
    used = used + LAYERS < size ? used + LAYERS : size;
    spelled = spell_secret(secret, kinds);
    whole = size - used + 2 + strlen(spelled);
    text = malloc(whole);
    memcpy(text, data + used, size - used);
    at = text + size - used;
    *at++ = '\n'; /* no escape and no secret has one */
    memcpy(at, spelled, strlen(spelled));
    at[strlen(spelled)] = '\n';
    meet_redact(text, whole, secret, length);
    for (size_t i = 0; spelled[i]; i++)
        if (at[i] != '*')
            abort();
    if (at[-1] != '\n' || text[whole - 1] != '\n')
        abort();
    meet_redact_fields(text, whole);
    free(text);
    free(spelled);
    return 0;
}
