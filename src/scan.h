/*
 * scan.h - what a JSON text cannot hold, told by its bytes alone.
 * Pure: libc only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * False when no number and no null is in the text, outside its strings. True
 * may be wrong: a string can look as if there were one. The text is JSON, as
 * a parser has found.
 */
bool meet_scan_may_hold_number(const char *text, size_t length);
