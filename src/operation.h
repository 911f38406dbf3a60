/*
 * operation.h - the API as a constant table; no behaviour. Pure. 24 operations
 * of the Google Meet REST API v2 and four of the gateway on connections.
 * Source: the contract's method table (reference pages of
 * developers.google.com/workspace/meet, Maton's gateway documentation).
 */
#pragma once

#include <stddef.h>

/* Which of Google's minute quotas a request counts against. */
enum meet_quota {
    MEET_QUOTA_NONE, /* calls of the gateway itself */
    MEET_QUOTA_READ,
    MEET_QUOTA_WRITE,
    MEET_QUOTA_CREATE
};

enum meet_operation_flags {
    MEET_TAKES_MEETING_CODE = 1,  /* a meeting code may stand for the id */
    MEET_TAKES_BODY = 2,          /* a JSON object is sent */
    MEET_TAKES_OPTIONAL_BODY = 4, /* the same; {} when none is given */
    MEET_TAKES_FILTER = 8,
    MEET_TAKES_MASK = 16,       /* updateMask in the query */
    MEET_TAKES_APP = 32,        /* app, status and method of a connection */
    MEET_SENDS_BATCH = 64,      /* the body is {requests, updateMask} */
    MEET_SENDS_EMPTY_BODY = 128 /* the body is {} */
};

struct meet_operation {
    const char *id;      /* Google's: "spaces.members.list" */
    const char *service; /* ours: "members" */
    const char *method;  /* ours: "list" */
    const char *verb;
    const char *path;     /* at most one {pattern}: the resource name */
    const char *resource; /* type of the answer or its items, or NULL */
    const char *items;    /* field that holds the array, or NULL */
    const char *envelope; /* field that may wrap the answer, or NULL */
    const char *token;    /* name of the next page's token, in the answer and in
                             the query; NULL: nextPageToken and pageToken */
    unsigned page_size;   /* the server's maximum; 0: not a paged list */
    enum meet_quota quota;
    double timeout; /* seconds for one attempt; 0: the client's */
    unsigned flags;
};

/* All rows, ended by one whose id is NULL. */
extern const struct meet_operation meet_operations[];

/* The row of that id, or NULL. */
const struct meet_operation *meet_operation_get(const char *id);
