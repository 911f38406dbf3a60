/*
 * plain.h - one line of a text, without control characters for a terminal.
 * Pure.
 */
#pragma once

#include <stddef.h>

/*
 * Replace each by one blank, in place: control bytes and characters (C0, DEL,
 * C1 as a byte or in UTF-8), line ends of Unicode, and what changes the writing
 * direction. Return the new length, which is not above the old one.
 */
size_t meet_plain(char *text, size_t length);
