/*
 * trace_test.c - what a trace shows: lines as libcurl gives them, without what
 * is secret.
 */
#include "trace.h"

#include "auth.h"
#include "check.h"

#include <unistd.h>

static const char key[] = "k3y-that-nobody-may-read";
static char shown[4096];

/* What is written on standard error, in 'shown'. */
static void trace(curl_infotype type, const char *bytes,
                  const struct meet_request *request)
{
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);

    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    meet_trace_write(type, bytes, strlen(bytes), request);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(file);
    shown[fread(shown, 1, sizeof shown - 1, file)] = '\0';
    fclose(file);
}

static void check_lines(const struct meet_request *request)
{
    trace(CURLINFO_TEXT, "Connected to 127.0.0.1\n", request);
    CHECK_STRING(shown, "googlemeet: * Connected to 127.0.0.1\n", "a text");
    trace(CURLINFO_HEADER_IN, "server: nginx\r\n", request);
    CHECK_STRING(shown, "googlemeet: < server: nginx\n", "a field");
    trace(CURLINFO_TEXT, "", request);
    CHECK_STRING(shown, "googlemeet: * \n", "nothing");
    trace(CURLINFO_HEADER_IN, "x: \033[2J\t\177\303\244\r\n", request);
    CHECK_STRING(shown, "googlemeet: < x: ?[2J????\n", "for a terminal");
    trace(CURLINFO_DATA_IN, "{\"displayName\":\"Ann\"}", request);
    CHECK_STRING(shown, "", "an answer's body");
    trace(CURLINFO_DATA_OUT, "{}", request);
    CHECK_STRING(shown, "", "a request's body");
    trace(CURLINFO_SSL_DATA_OUT, "xyz", request);
    CHECK_STRING(shown, "", "TLS's own bytes");
}

static void check_head(const struct meet_request *request)
{
    trace(CURLINFO_HEADER_OUT,
          "GET /v2/spaces/x HTTP/1.1\r\nAuthorization: Bearer k\r\n\r\n",
          request);
    CHECK_STRING(shown, "googlemeet: > GET /v2/spaces/x HTTP/1.1\n", "a head");
    trace(CURLINFO_HEADER_OUT, "nobody-may-read\r\nAccept: */*\r\n", request);
    CHECK_STRING(shown, "", "the rest of a head that was sent in pieces");
    trace(CURLINFO_HEADER_OUT, "GET", request);
    CHECK_STRING(shown, "", "a verb cut off");
    trace(CURLINFO_HEADER_OUT, "GETTING warmer", request);
    CHECK_STRING(shown, "", "no verb");
    trace(CURLINFO_HEADER_OUT, "PUT / HTTP/1.1\r\n", request);
    CHECK_STRING(shown, "", "another verb");
    trace(CURLINFO_HEADER_OUT, "GET / HTTP/1.1\r\n", NULL);
    CHECK_STRING(shown, "", "of no request");
}

static void check_fields(void)
{
    trace(CURLINFO_TEXT, "h2h3 [:path: /v2/spaces/x]", NULL);
    CHECK_STRING(shown, "googlemeet: * h2h3 [:path: /v2/spaces/x]\n", "a path");
    trace(CURLINFO_TEXT, "h2h3 [cookie: sid=1]", NULL);
    CHECK_STRING(shown, "googlemeet: * h2h3 [cookie: *****]\n", "a field");
    trace(CURLINFO_TEXT, "[HTTP/2] [1] [x-secret: hush]", NULL);
    CHECK_STRING(shown, "googlemeet: * [HTTP/2] [1] [x-secret: ****]\n",
                 "a field, as libcurl 8 writes it");
    trace(CURLINFO_TEXT, "[x-secret: [hush", NULL);
    CHECK_STRING(shown, "googlemeet: * [x-secret: *****\n", "a value cut off");
    trace(CURLINFO_TEXT, "  Trying [::1]:443...", NULL);
    CHECK_STRING(shown, "googlemeet: *   Trying [::1]:443...\n", "an address");
    trace(CURLINFO_HEADER_IN, "Set-Cookie: sid=1\r\n", NULL);
    CHECK_STRING(shown, "googlemeet: < Set-Cookie:******\n", "a cookie");
}

static void check_proxies(void)
{
    trace(CURLINFO_TEXT, "Uses proxy env variable a == 'http://u:p@h:9/'\n",
          NULL);
    CHECK_STRING(shown,
                 "googlemeet: * Uses proxy env variable a == '**************"
                 "*'\n",
                 "a proxy with a password");
    trace(CURLINFO_TEXT, "Unsupported proxy syntax in 'u:p'w@h", NULL);
    CHECK_STRING(shown, "googlemeet: * Unsupported proxy syntax in '*******\n",
                 "one that cannot be read");
    trace(CURLINFO_TEXT, "Uses proxy env variable a == 'http://h:9/'", NULL);
    CHECK_STRING(shown,
                 "googlemeet: * Uses proxy env variable a == 'http://h:9/'\n",
                 "one without");
}

static void check_secrets(const struct meet_request *request)
{
    char text[2048];

    snprintf(text, sizeof text, "h2h3 [authorization: Bearer %s]", "abc");
    trace(CURLINFO_TEXT, text, request);
    CHECK_STRING(shown, "googlemeet: * h2h3 [authorization: **********]\n",
                 "a short key");
    snprintf(text, sizeof text, "x: your key %s is odd\r\n", key);
    trace(CURLINFO_HEADER_IN, text, request);
    CHECK_STRING(shown,
                 "googlemeet: < x: your key ************************ is odd\n",
                 "the key");
    trace(CURLINFO_HEADER_IN, "location: https://x/?session_token=abc\r\n",
          request);
    CHECK_STRING(shown,
                 "googlemeet: < location: https://x/?session_token=***\n",
                 "a token");
    /* The line ends, at 1024 bytes, within the key. */
    memset(text, '-', 1010);
    strcpy(text + 1010, key);
    trace(CURLINFO_TEXT, text, request);
    CHECK(strlen(shown) == 1024 + strlen("googlemeet: * \n"), "cut");
    CHECK(!strstr(shown, "k3y-"), "no part of the key");
}

int main(void)
{
    struct meet_request request;
    struct meet_error err;

    meet_request_init(&request);
    request.verb = meet_request_verb("GET");
    CHECK(meet_auth_append(&request.headers, key, NULL, &err) == 0, "a key");
    check_lines(&request);
    check_head(&request);
    check_fields();
    check_proxies();
    check_secrets(&request);
    meet_headers_deinit(&request.headers);
    check_lines(&request);
    CHECK(meet_headers_append(&request.headers, "Authorization", "Basic x", 7,
                              &err) == 0,
          "no key");
    check_lines(&request);
    trace(CURLINFO_TEXT, "Closing", NULL);
    CHECK_STRING(shown, "googlemeet: * Closing\n", "of no request");
    meet_request_deinit(&request);
    return check_report();
}
