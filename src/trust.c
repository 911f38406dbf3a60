/* trust.c - see trust.h. */
#include "trust.h"

#include "library.h"

#include <stdlib.h>

void meet_trust_deinit(struct meet_trust *trust)
{
    free(trust->folder);
    trust->folder = NULL;
}

const char *meet_trust_folder(struct meet_trust *trust,
                              const struct meet_request *request)
{
    if (!meet_request_needs_certificates(request))
        return NULL;
    if (!trust->searched)
        trust->folder = meet_library_folder();
    trust->searched = true;
    return trust->folder;
}

void meet_trust_defaults(struct meet_trust *trust)
{
    meet_trust_deinit(trust);
}
