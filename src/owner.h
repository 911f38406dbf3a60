/*
 * owner.h - from a node of a heap, a table or a ring to the struct that it is a
 * part of.
 */
#pragma once

#include <stddef.h>

#define MEET_OWNER(node, type, member) \
    ((type *)meet_owner_at(node, offsetof(type, member)))

static inline void *meet_owner_at(const void *node, size_t offset)
{
    return (char *)node - offset;
}
