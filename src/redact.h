/*
 * redact.h - blanks secrets in a text, however the text spells them.
 * Pure: needs no memory and cannot fail. Everything happens in place.
 *
 * A server may echo a secret within JSON, a URL or HTML, or one in another.
 * So escapes are decoded, layer by layer: %2F, \/, \u002f, \x2f, &#47;, &#x2F;
 * and &sol;. What is blanked is the source of the decoded bytes. Base64 is not
 * decoded: no field that is sent has a secret in it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Overwrite with '*' each occurrence of 'secret', and the start of one at the
 * text's end, since the text may be cut there. A secret under 4 bytes is left:
 * it could be a word. Takes time in proportion to the text.
 */
void meet_redact(char *text, size_t length, const char *secret, size_t size);

/*
 * The same for a secret that is wiped: of 'size' bytes with that checksum. It
 * is found where it is whole and not escaped. Takes 'size' times as long.
 */
void meet_redact_wiped(char *text, size_t length, size_t size,
                       uint64_t checksum);

/*
 * Overwrite with '*' the value of each field whose name says that it is secret:
 * session_token=…, "apiKey": "…", Authorization: Bearer ….
 */
void meet_redact_fields(char *text, size_t length);
