/* secrets.c - see secrets.h. */
#include "secrets.h"

#include "auth.h"
#include "redact.h"

#include <string.h>

static void redact(char *text, size_t length, const char *secret)
{
    if (secret)
        meet_redact(text, length, secret, strlen(secret));
}

/* The password of "http://user:password@host:port"; 0: there is none. */
static size_t find_password(const char *proxy, const char **password)
{
    const char *scheme = strstr(proxy, "://"), *at, *colon;

    proxy = scheme ? scheme + 3 : proxy;
    at = strrchr(proxy, '@');
    colon = strchr(proxy, ':');
    if (!at || !colon || colon > at)
        return 0;
    *password = colon + 1;
    return (size_t)(at - colon) - 1;
}

void meet_secrets_redact(const struct meet_client *client,
                         const struct meet_request *request, char *text,
                         size_t length)
{
    const char *key = client->settings.api_key, *sent = NULL, *password = NULL;
    const char *proxy = client->network.proxy;

    if (request)
        sent = meet_auth_sent_key(&request->headers);
    redact(text, length, key);
    if (!key || (sent && strcmp(sent, key) != 0))
        redact(text, length, sent);
    for (int i = 0; i < MEET_OLD_KEYS; i++)
        redact(text, length, client->old_keys[i]);
    for (int i = 0; i <= MEET_OLD_KEYS; i++)
        meet_redact_wiped(text, length, client->wiped[i].size,
                          client->wiped[i].checksum);
    if (proxy) {
        size_t size = find_password(proxy, &password);

        meet_redact(text, length, password, size);
    }
    meet_redact_fields(text, length);
}

void meet_secrets_redact_body(const struct meet_client *client,
                              const struct meet_request *request,
                              struct meet_buffer *body)
{
    size_t length = body->length;

    if (length > 0)
        meet_secrets_redact(client, request, body->bytes,
                            length < MEET_SECRETS_BODY ? length
                                                       : MEET_SECRETS_BODY);
}

void meet_secrets_wipe_job(const struct meet_client *client,
                           struct meet_job *job)
{
    const struct meet_request *request = &job->request;

    meet_secrets_redact_body(client, request, &job->response.head);
    meet_secrets_redact_body(client, request, &job->response.body);
    if (job->error.kind != MEET_OK)
        meet_secrets_redact(client, request, job->error.message,
                            strlen(job->error.message));
    meet_headers_wipe(&job->request.headers); /* it may be read just now */
}
