/*
 * precedence.h - which job of the background gives its socket to a call. Pure
 * but for libcurl's types.
 */
#pragma once

#include "job.h"
#include "transfer.h"

/*
 * Of the attempts in the list, one that nobody waits for and that may hold the
 * socket of one that somebody does: its job, or NULL.
 */
struct meet_job *meet_precedence_yields(const struct meet_transfer *active);
