/*
 * redact_test.c - what is blanked in a text, in which spellings, and at what
 * cost.
 */
#include "check.h"
#include "checksum.h"
#include "redact.h"

#include <time.h>

static void check_one(const char *text, const char *secret, const char *left)
{
    size_t length = strlen(text);
    char *copy = check_copy(text, length);

    meet_redact(copy, length, secret, strlen(secret));
    CHECK(strlen(left) == length && memcmp(copy, left, length) == 0,
          "'%s': '%s' expected, got '%.*s'", text, left, (int)length, copy);
    free(copy);
}

/* As it is. */
static void check_literal(void)
{
    static const struct {
        const char *text;
        const char *secret;
        const char *left;
    } cases[] = {
        {"secret", "secret", "******"},
        {"a secret b", "secret", "a ****** b"},
        {"the end: secret", "secret", "the end: ******"},
        {"secret, secret", "secret", "******, ******"},
        {"secretsecret", "secret", "************"},
        {"secretsecretx", "secret", "************x"},
        {"abababa", "abab", "******a"}, /* at 0 and, overlapping, at 2 */
        {"ababab", "abab", "******"},
        {"aaaaaaa", "aaaa", "*******"},
        {"xabcabcabcx", "abcabc", "x*********x"},
        {"abab abab", "abab", "**** ****"},
        {"ababaab", "abab", "****aab"},
        {"aaaa", "aaaa", "****"},
        {"aaa", "aaaa", "aaa"},
        {"a**** b", "****", "a**** b"}, /* and ends */
        {"******", "*****", "******"},
        {"x*a**a*x", "*a**", "x****a*x"},
        {"no key", "secret", "no key"},
        {"SECRET", "secret", "SECRET"},
        {"secre", "secret", "*****"}, /* a text that was cut */
        {"a secre", "secret", "a *****"},
        {"secre!", "secret", "secre!"},
        {"sec", "secret", "sec"}, /* too short to recognise */
        {"ssecret", "secret", "s******"},
        {"", "secret", ""},
        {"key key", "key", "key key"}, /* too short: it could be a word */
        {"a", "a", "a"},
        {"a", "", "a"},
        {"keys", "keys", "****"},
        {"secret%2", "secret%2Fkey", "********"},
        {"a secr/key", "secr+key", "a secr/key"},
        {"a secr key", "secr+key", "a ********"}, /* a form was read */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].text);
        char *text = check_copy(cases[i].text, length);

        meet_redact(text, length, cases[i].secret, strlen(cases[i].secret));
        CHECK(memcmp(text, cases[i].left, length) == 0,
              "case %zu: '%s' expected, got '%.*s'", i, cases[i].left,
              (int)length, text);
        free(text);
    }
}

static void check_bytes(void)
{
    char text[] = "\0secret\0secret\0";
    char *cut = check_copy("secret secre", 12);

    meet_redact(text, sizeof text - 1, "secret", 6);
    CHECK(memcmp(text, "\0******\0******\0", sizeof text - 1) == 0,
          "a NUL ends nothing");
    meet_redact(cut, 9, "secret", 6);
    CHECK(memcmp(cut, "****** secre", 12) == 0, "not beyond the length");
    free(cut);
}

/* A secret that is wiped: only its size and checksum are left. */
static void check_wiped(void)
{
    char text[] = "\0secret secretsecret secre";
    char *cut = check_copy("secret", 5), word[] = "key";

    meet_redact_wiped(text, sizeof text - 1, 6, meet_checksum("secret", 6));
    CHECK(memcmp(text, "\0****** ************ secre", sizeof text - 1) == 0,
          "each that is whole");
    meet_redact_wiped(cut, 5, 6, meet_checksum("secret", 6));
    CHECK(memcmp(cut, "secre", 5) == 0, "not beyond the length");
    meet_redact_wiped(word, 3, 3, meet_checksum("key", 3));
    CHECK_STRING(word, "key", "a word");
    free(cut);
}

/* Spellings of "sec/ret+1" in a text between '<' and '>'. */
static void check_spellings(void)
{
    static const char *const spellings[] = {
        "sec/ret+1",
        "sec\\/ret+1", /* JSON */
        "sec\\u002fret\\u002B1",
        "\\u0073\\u0065\\u0063\\u002f\\u0072\\u0065\\u0074\\u002b\\u0031",
        "sec\\x2fret\\x2b1",
        "sec%2Fret%2B1", /* a URL */
        "sec%2fret%2b1",
        "sec%2Fret+1",
        "%73%65%63%2F%72%65%74%2B%31",
        "sec%252Fret%252B1", /* a URL in one */
        "sec%25252Fret%25252B1",
        "sec&#47;ret&#43;1", /* HTML */
        "sec&#x2F;ret&#x2b;1",
        "sec&#0047;ret&#X0002B;1",
        "sec&sol;ret&plus;1",
        "sec&amp;#47;ret&amp;plus;1",
        "sec\\\\/ret+1", /* JSON in JSON */
        "sec\\\\u002fret\\\\u002b1",
        "sec\\\\\\\\u002fret+1",
        "sec\\u00252Fret+1", /* one in another */
        "sec%5Cu002Fret%5cu002B1",
        "sec%26%2347%3Bret+1",
        "sec&#37;2Fret&percnt;2B1",
    };

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        size_t size = strlen(spellings[i]);
        char text[200], left[200];

        snprintf(text, sizeof text, "<%s>", spellings[i]);
        memset(left, '*', sizeof left);
        left[0] = '<';
        snprintf(left + 1 + size, 2, ">");
        check_one(text, "sec/ret+1", left);
        text[size] = '\0'; /* the last byte is cut off */
        memset(left + size, 0, 1);
        check_one(text, "sec/ret+1", left);
    }
}

/* Secrets that look escaped, and texts where an escape ends within them. */
static void check_odd_secrets(void)
{
    static const struct {
        const char *text, *secret, *left;
    } cases[] = {
        {"<a%41b+c>", "a%41b+c", "<*******>"},
        {"<a%2541b%2Bc>", "a%41b+c", "<***********>"},
        {"<a%41b\\u002bc>", "a%41b+c", "<************>"},
        {"%41b2/c", "41b2/c", "%******"},
        {"%41b2\\/c", "41b2/c", "%*******"},
        {"%2541b2%2Fc", "41b2/c", "%25********"},
        {"\\abcde", "abcde", "\\*****"},
        {"\\u0041bcde", "1bcde", "\\u004*****"},
        {"&amp;bcd", "amp;bcd", "&*******"},
        {"sec\\\"ret", "sec\"ret", "********"},
        {"sec\\qret", "secret", "sec\\qret"},
        {"sec%2Xret", "secret", "sec%2Xret"},
        {"sec&#;ret&;&#x;&#1a;&nosuchname;", "secret",
         "sec&#;ret&;&#x;&#1a;&nosuchname;"},
        {"sec\\u00e9ret", "sec\xE9ret", "sec\\u00e9ret"},
        {"&#99999999;secret", "secret", "&#99999999;******"},
        {"secr\\", "secret", "*****"},
        {"secr&#1", "secret", "*******"},
        {"secr\\u00", "secret", "********"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_one(cases[i].text, cases[i].secret, cases[i].left);
}

static void check_fields(void)
{
    static const struct {
        const char *text, *left;
    } cases[] = {
        {"session_token=azAZ09-._~%+/={}", "session_token=**************{}"},
        {"session_token=aB@c", "session_token=**@c"},
        {"?session_token=abc&a=1", "?session_token=***&a=1"},
        {"?a=b%26session_token=ab%26c&a", "?a=b%26session_token=******&a"},
        {"u=%3Fsession_token%3Dabc%26a%3D1",
         "u=%3Fsession_token%3D***%26a%3D1"},
        {"session%5Ftoken=abc d", "session%5Ftoken=*** d"},
        {"\\u0073ession_token\\u003dabc\"", "\\u0073ession_token\\u003d***\""},
        {"{\"session_token\":\"abc\",\"a\":1}",
         "{\"session_token\":\"***\",\"a\":1}"},
        {"{\"sessionToken\" : \"a b\"}", "{\"sessionToken\" : \"***\"}"},
        {"{\"apiKey\":\"a\\\"b\"}", "{\"apiKey\":\"****\"}"},
        {"{\"api_key\":[\"abc\", \"def\"],\"a\":\"b\"}",
         "{\"api_key\":[\"***\", \"***\"],\"a\":\"b\"}"},
        {"{'token': 'abc'}", "{'token': '***'}"},
        {"{\"token\":12,\"a\":\"b\"}", "{\"token\":12,\"a\":\"b\"}"},
        {"{\"token\":null}", "{\"token\":null}"},
        {"{\"pageToken\":\"abc\"}", "{\"pageToken\":\"abc\"}"},
        {"{\"field\":\"token\",\"why\":\"b\"}",
         "{\"field\":\"token\",\"why\":\"b\"}"},
        {"\"{\\\"token\\\":\\\"abc\\\",\\\"a\\\":1}\"",
         "\"{\\\"token\\\":\\\"***\\\",\\\"a\\\":1}\""},
        {"Authorization: Bearer abc+/=\r\nHost: a",
         "Authorization: *************\r\nHost: a"},
        {"{\"authorization\":\"Basic abc\"}",
         "{\"authorization\":\"*********\"}"},
        {"Maton-Api-Key: abc", "Maton-Api-Key: ***"},
        {"Invalid token: expired", "Invalid token: expired"},
        {"token=abc", "token=***"},
        {"the token is no string", "the token is no string"},
        {"{\"token\":\"ab", "{\"token\":\"**"},
        {"\"token=abc\",\"a\":\"b\"", "\"token=***\",\"a\":\"b\""},
        {"token=", "token="},
        {"token", "token"},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].text);
        char *text = check_copy(cases[i].text, length);

        meet_redact_fields(text, length);
        CHECK(memcmp(text, cases[i].left, length) == 0,
              "'%s' expected, got '%.*s'", cases[i].left, (int)length, text);
        free(text);
    }
}

static void check_field_bytes(void)
{
    char token[] = "session_token=ab\0c";

    meet_redact_fields(token, sizeof token - 1);
    CHECK(memcmp(token, "session_token=**\0c", sizeof token) == 0,
          "a token ends at a NUL byte");
}

/* A secret that overlaps itself, in a text that nearly has it everywhere. */
static void check_cost(void)
{
    enum { SECRET = 4096, TEXT = 1024 * 1024 };
    char *secret = malloc(SECRET), *text = malloc(TEXT);
    clock_t begin = clock();

    memset(secret, 'a', SECRET);
    for (size_t i = 0; i < TEXT; i++)
        text[i] = i % SECRET == SECRET - 1 ? '%' : 'a';
    secret[SECRET - 1] = 'b';
    text[TEXT - 1] = '!';
    meet_redact(text, TEXT, secret, SECRET);
    CHECK(text[0] == 'a' && text[TEXT - 2] == 'a', "it is not there");
    memset(text, 'a', TEXT);
    secret[SECRET - 1] = 'a';
    meet_redact(text, TEXT, secret, SECRET);
    CHECK(text[0] == '*' && text[TEXT - 1] == '*', "it is everywhere");
    CHECK((double)(clock() - begin) / CLOCKS_PER_SEC < 5, "too slow");
    free(secret);
    free(text);
}

int main(void)
{
    check_literal();
    check_bytes();
    check_wiped();
    check_spellings();
    check_odd_secrets();
    check_fields();
    check_field_bytes();
    check_cost();
    return check_report();
}
