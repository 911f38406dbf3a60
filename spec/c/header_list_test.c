/*
 * header_list_test.c - the lines that libcurl is given, and room for each of
 * them.
 */
#include "check.h"
#include "header_list.h"

/* The lines of a request with 'count' fields, in one text. */
static const char *lines(size_t count, bool has_body, char text[1000])
{
    const struct meet_network network = {.agent_line = "User-Agent: a"};
    struct meet_request request;
    struct meet_header_list list;
    struct meet_error err;

    meet_request_init(&request);
    request.network = &network;
    request.has_body = has_body;
    for (size_t i = 0; i < count; i++)
        meet_headers_append(&request.headers, i ? "X" : "Content-Type", "y", 1,
                            &err);
    meet_header_list_init(&list);
    snprintf(list.encodings, sizeof list.encodings, "Accept-Encoding: z");
    text[0] = '\0';
    for (const struct curl_slist *node =
             meet_header_list_make(&list, &request, true);
         node; node = node->next) {
        strncat(text, node->data, 900 - strlen(text));
        strncat(text, "|", 2);
    }
    meet_header_list_deinit(&list);
    meet_request_deinit(&request);
    return text;
}

int main(void)
{
    char text[1000];

    CHECK_STRING(lines(0, false, text), "User-Agent: a|Accept-Encoding: z|",
                 "no field");
    CHECK_STRING(lines(0, true, text),
                 "User-Agent: a|Accept-Encoding: z|Expect:|Content-Type:|",
                 "a body without a type");
    CHECK_STRING(lines(2, true, text),
                 "Content-Type: y|X: y|User-Agent: a|Accept-Encoding: z|"
                 "Expect:|",
                 "a body with a type");
    return check_report();
}
