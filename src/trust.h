/*
 * trust.h - which certificates verify a server: the hashed folder, until
 * libcurl's defaults accept a server that it does not. May use libcurl.
 */
#pragma once

#include "request.h"

struct meet_trust {
    bool searched; /* for 'folder', by the first attempt over TLS */
    char *folder;  /* hashed; NULL: libcurl's defaults */
};

void meet_trust_deinit(struct meet_trust *trust);

/* The folder for a request; NULL: libcurl's defaults, or the client's own. */
const char *meet_trust_folder(struct meet_trust *trust,
                              const struct meet_request *request);

/* libcurl's defaults verified a server that the folder did not. */
void meet_trust_defaults(struct meet_trust *trust);
