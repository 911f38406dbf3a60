/*
 * owner.h - from a node of a heap, a table or a ring to the struct that it is a
 * part of.
 */
#pragma once

#include <stddef.h>

#define MEET_OWNER(node, type, member) \
    ((type *)(void *)((char *)(node)-offsetof(type, member)))
