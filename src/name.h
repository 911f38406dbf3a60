/*
 * name.h - the forms in which a caller may name a resource.
 * Pure. A resource name ("spaces/x"), its bare id ("x"), and for spaces a
 * meeting code ("abc-mnop-xyz", any case) or a meet.google.com URL, with
 * blanks, <> or a full stop around it.
 */
#pragma once

#include "buffer.h"

#include <stdbool.h>

/*
 * Resolve 'text' under 'pattern' ("spaces/ *", "*", without the blank) and
 * write the full resource name to 'name'. '*code': its space is named by a
 * meeting code, written in lower case. -1 with kind config; the message names
 * the accepted forms.
 */
int meet_name_resolve(struct meet_buffer *name, const char *pattern,
                      const char *text, size_t length, bool *code,
                      struct meet_error *err);

/* True for 3-4-3 letters in any case: a meeting code, not a space id. */
bool meet_name_is_meeting_code(const char *text, size_t length);
