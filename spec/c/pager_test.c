/* pager_test.c - pages played back: what is requested, returned, resumed. */
#include "check.h"
#include "scarce.h"
#include "../../src/buffer.c"
#include "../../src/pager.c"

static void start(struct meet_pager *pager, const char *token, long long limit)
{
    struct meet_error err;

    CHECK(meet_pager_init(pager, token, token ? strlen(token) : 0, limit,
                          &err) == 0,
          "init");
}

/* A page arrives; its token, "" for none. */
static int receive(struct meet_pager *pager, size_t count, const char *token)
{
    struct meet_error err = {.kind = MEET_OK};
    size_t length = strlen(token);
    char *copy = check_copy(token, length);
    int status =
        meet_pager_receive(pager, count, length ? copy : NULL, length, &err);

    CHECK(err.kind == (status ? MEET_DECODE : MEET_OK), "kind");
    free(copy);
    return status;
}

/* Where a new list would resume, "" for NULL. */
static const char *resume(const struct meet_pager *pager)
{
    size_t length = 99;
    const char *token = meet_pager_token(pager, &length);

    CHECK(length == (token ? strlen(token) : 0), "length of the token");
    return token ? token : "";
}

enum { PAGES = 6 };

struct page {
    const char *token; /* of the next one; NULL behind the last page */
    size_t count;
};

static void check_lists(void)
{
    static const struct {
        struct page pages[PAGES];
        const char *resumed;
        long long limit;
        const char *given; /* page and index of each item */
        const char *asked; /* each token, in brackets */
    } cases[] = {
        {{{"", 0}}, NULL, -1, "", "()"},
        {{{"", 3}}, NULL, -1, "10 11 12 ", "()"},
        {{{"b", 2}, {"", 1}}, NULL, -1, "10 11 20 ", "()(b)"},
        {{{"b", 0}, {"", 1}}, NULL, -1, "20 ", "()(b)"}, /* empty page */
        {{{"b", 0}, {"c", 0}, {"", 1}}, NULL, -1, "30 ", "()(b)(c)"},
        {{{"b", 1}, {"c", 0}, {"", 1}}, NULL, -1, "10 30 ", "()(b)(c)"},
        {{{"b", 1}, {"c", 0}, {"", 0}}, NULL, -1, "10 ", "()(b)(c)"},
        {{{"b", 1}, {"", 0}}, NULL, -1, "10 ", "()(b)"},
        {{{"b", 1}, {"c", 1}, {"d", 1}, {"", 1}},
         NULL,
         -1,
         "10 20 30 40 ",
         "()(b)(c)(d)"},
        {{{"c", 2}, {"", 1}}, "b", -1, "10 11 20 ", "(b)(c)"},
        {{{"", 1}}, "b", -1, "10 ", "(b)"},
        {{{"", 3}}, "", -1, "10 11 12 ", "()"},
        {{{"b", 2}, {"", 2}}, NULL, 0, "", ""}, /* asks for nothing */
        {{{"b", 2}, {"", 2}}, NULL, 1, "10 ", "()"},
        {{{"b", 2}, {"", 2}}, NULL, 2, "10 11 ", "()"}, /* no page too many */
        {{{"b", 2}, {"", 2}}, NULL, 3, "10 11 20 ", "()(b)"},
        {{{"b", 2}, {"", 2}}, NULL, 4, "10 11 20 21 ", "()(b)"},
        {{{"b", 2}, {"", 2}}, NULL, 5, "10 11 20 21 ", "()(b)"},
        {{{"b", 0}, {"", 2}}, NULL, 1, "20 ", "()(b)"},
        {{{"", 3}}, "b", 2, "10 11 ", "(b)"},
        {{{"b", 2}, {"", 2}}, NULL, -2, "10 11 20 21 ", "()(b)"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_pager pager;
        char given[256] = "", asked[256] = "";
        size_t items = 0, questions = 0;

        start(&pager, cases[i].resumed, cases[i].limit);
        for (int page = 0; page < PAGES && meet_pager_wants_page(&pager);
             page++) {
            CHECK(!meet_pager_has_item(&pager), "case %zu: one or other", i);
            questions +=
                (size_t)snprintf(asked + questions, sizeof asked - questions,
                                 "(%s)", meet_buffer_string(&pager.token));
            CHECK(receive(&pager, cases[i].pages[page].count,
                          cases[i].pages[page].token) == 0,
                  "case %zu: page %d", i, page);
            while (meet_pager_has_item(&pager))
                items += (size_t)snprintf(given + items, sizeof given - items,
                                          "%d%zu ", page + 1,
                                          meet_pager_take(&pager));
        }
        CHECK(!meet_pager_wants_page(&pager) && !meet_pager_has_item(&pager),
              "case %zu: ended", i);
        CHECK_STRING(given, cases[i].given, "given");
        CHECK_STRING(asked, cases[i].asked, "asked");
        meet_pager_deinit(&pager);
    }
}

/* The rest of a page of five as one. */
static void check_take_page(void)
{
    static const struct {
        long long limit;
        size_t taken;
        size_t first;
        size_t count;
        bool wants_page; /* afterwards */
    } cases[] = {
        {-1, 0, 0, 5, true}, {-1, 2, 2, 3, true}, {-1, 5, 5, 0, true},
        {5, 0, 0, 5, false}, {5, 2, 2, 3, false}, {6, 0, 0, 5, true},
        {4, 0, 0, 4, false}, {4, 3, 3, 1, false}, {4, 4, 4, 0, false},
        {1, 0, 0, 1, false}, {0, 0, 0, 0, false}, {7, 1, 1, 4, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_pager pager;
        size_t first = 99, count;

        start(&pager, NULL, cases[i].limit);
        receive(&pager, 5, "b");
        for (size_t j = 0; j < cases[i].taken; j++)
            CHECK(meet_pager_take(&pager) == j, "case %zu: item %zu", i, j);
        count = meet_pager_take_page(&pager, &first);
        CHECK(first == cases[i].first && count == cases[i].count,
              "case %zu: %zu from %zu", i, count, first);
        CHECK(!meet_pager_has_item(&pager), "case %zu: nothing is left", i);
        CHECK(meet_pager_wants_page(&pager) == cases[i].wants_page,
              "case %zu: wants a page", i);
        CHECK(meet_pager_take_page(&pager, &first) == 0, "case %zu: again", i);
        meet_pager_deinit(&pager);
    }
}

/* A limit counts over pages, taken whole or by items. */
static void check_limit(void)
{
    struct meet_pager pager;
    size_t first;

    start(&pager, NULL, 7);
    receive(&pager, 3, "b");
    CHECK(meet_pager_take_page(&pager, &first) == 3, "page 1");
    receive(&pager, 3, "c");
    CHECK(meet_pager_take(&pager) == 0, "an item of page 2");
    CHECK(meet_pager_take_page(&pager, &first) == 2 && first == 1, "its rest");
    CHECK(meet_pager_wants_page(&pager), "one is to come");
    receive(&pager, 3, "d");
    CHECK(meet_pager_take_page(&pager, &first) == 1 && first == 0, "page 3");
    CHECK(!meet_pager_wants_page(&pager), "that was all");
    CHECK_STRING(resume(&pager), "c", "two of page 3 are left");
    meet_pager_deinit(&pager);
}

/*
 * The server's tokens run into a cycle of 'length' pages behind 'lead' others;
 * the page with which that is found.
 */
static void check_cycles(void)
{
    enum { LONGEST = 7 };
    static const struct {
        unsigned lead;
        unsigned found[LONGEST]; /* by the cycle's length, from 1 on */
    } cases[] = {
        {0, {2, 4, 7, 8, 13, 14, 15}},     {1, {3, 4, 7, 8, 13, 14, 15}},
        {2, {4, 6, 7, 8, 13, 14, 15}},     {3, {5, 6, 7, 8, 13, 14, 15}},
        {4, {6, 10, 11, 12, 13, 14, 15}},  {7, {9, 10, 11, 12, 13, 14, 15}},
        {8, {10, 18, 19, 20, 21, 22, 23}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned length = 1; length <= LONGEST; length++) {
            unsigned lead = cases[i].lead, page = 0;
            struct meet_pager pager;
            char token[2] = "";

            start(&pager, NULL, -1);
            do {
                unsigned number =
                    page < lead ? page : lead + (page - lead) % length;

                token[0] = (char)('a' + number);
                page++;
            } while (page < 100 && receive(&pager, 1, token) == 0);
            CHECK(page == cases[i].found[length - 1],
                  "%u pages, then a cycle of %u: found on page %u", lead,
                  length, page);
            meet_pager_deinit(&pager);
        }
    }
}

static void check_repeats(void)
{
    struct meet_pager pager;
    struct meet_error err;

    start(&pager, "b", -1);
    CHECK(receive(&pager, 1, "b") == -1, "the token it resumed with");
    CHECK(meet_pager_wants_page(&pager) && !meet_pager_has_item(&pager),
          "that page is not taken");
    CHECK(receive(&pager, 1, "c") == 0, "the same page, better");
    meet_pager_take(&pager);
    CHECK(meet_pager_receive(&pager, 1, "c", 1, &err) == -1, "at once");
    CHECK_STRING(err.message,
                 "the server sent the same page token again after 2 pages; the "
                 "list would never end",
                 "message");
    CHECK_STRING(resume(&pager), "c", "still to be asked for");
    meet_pager_deinit(&pager);
}

/* Tokens that only look alike, and many of them, are no cycle. */
static void check_distinct(void)
{
    static const struct {
        const char *token;
        size_t length;
    } tokens[] = {
        {"a", 1},    {"ab", 2},      {"a\0b", 3},    {"a\0c", 3},
        {"A", 1},    {"a ", 2},      {" a", 2},      {"\0", 1},
        {"\0\0", 2}, {"abcdefg", 7}, {"abcdefh", 7}, {"abcdef", 6},
    };
    struct meet_pager pager;
    struct meet_error err;

    start(&pager, NULL, -1);
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        CHECK(meet_pager_receive(&pager, 0, tokens[i].token, tokens[i].length,
                                 &err) == 0 &&
                  meet_pager_wants_page(&pager),
              "token %zu", i);
    meet_pager_deinit(&pager);

    start(&pager, NULL, -1);
    for (int i = 0; i < 5000; i++) {
        char token[32];

        snprintf(token, sizeof token, "page-%d", i);
        if (receive(&pager, 0, token) < 0)
            CHECK(false, "page %d", i);
    }
    CHECK(pager.pages == 5000, "a long list");
    meet_pager_deinit(&pager);
}

/* Where a new list resumes, before, within and behind a page. */
static void check_resumes(void)
{
    static const struct {
        const char *resumed;
        struct page pages[PAGES];
        int received;      /* pages, all but the last one taken whole */
        size_t taken;      /* items of the last one */
        const char *token; /* "" for NULL */
    } cases[] = {
        {NULL, {{"b", 2}}, 0, 0, ""},
        {"a", {{"b", 2}}, 0, 0, "a"},
        {NULL, {{"b", 2}}, 1, 0, ""}, /* the first page */
        {NULL, {{"b", 2}}, 1, 1, ""},
        {NULL, {{"b", 2}}, 1, 2, "b"},
        {"a", {{"b", 2}}, 1, 0, "a"},
        {"a", {{"b", 2}}, 1, 1, "a"},
        {"a", {{"b", 2}}, 1, 2, "b"},
        {NULL, {{"b", 0}}, 1, 0, "b"}, /* nothing of it is left */
        {"a", {{"b", 0}}, 1, 0, "b"},
        {NULL, {{"b", 2}, {"c", 2}}, 2, 0, "b"},
        {NULL, {{"b", 2}, {"c", 2}}, 2, 1, "b"},
        {NULL, {{"b", 2}, {"c", 2}}, 2, 2, "c"},
        {NULL, {{"b", 2}, {"", 2}}, 2, 0, "b"},
        {NULL, {{"b", 2}, {"", 2}}, 2, 1, "b"},
        {NULL, {{"b", 2}, {"", 2}}, 2, 2, ""}, /* the end */
        {NULL, {{"b", 2}, {"", 0}}, 2, 0, ""},
        {"a", {{"", 2}}, 1, 1, "a"},
        {"a", {{"", 2}}, 1, 2, ""},
        {NULL, {{"b", 1}, {"c", 0}, {"d", 1}}, 3, 0, "c"},
        {NULL, {{"b", 1}, {"c", 0}, {"d", 1}}, 3, 1, "d"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_pager pager;
        size_t first;

        start(&pager, cases[i].resumed, -1);
        for (int j = 0; j < cases[i].received; j++) {
            meet_pager_take_page(&pager, &first);
            receive(&pager, cases[i].pages[j].count, cases[i].pages[j].token);
        }
        for (size_t j = 0; j < cases[i].taken; j++)
            meet_pager_take(&pager);
        CHECK(strcmp(resume(&pager), cases[i].token) == 0,
              "case %zu: '%s' expected, got '%s'", i, cases[i].token,
              resume(&pager));
        meet_pager_close(&pager); /* a loop that ended here */
        CHECK(strcmp(resume(&pager), cases[i].token) == 0,
              "case %zu, closed: '%s' expected, got '%s'", i, cases[i].token,
              resume(&pager));
        CHECK(!meet_pager_has_item(&pager) && !meet_pager_wants_page(&pager) &&
                  meet_pager_take_page(&pager, &first) == 0,
              "case %zu, closed: nothing more", i);
        meet_pager_close(&pager);
        CHECK(strcmp(resume(&pager), cases[i].token) == 0,
              "case %zu, closed again", i);
        meet_pager_deinit(&pager);
    }
}

/* A page that could not be received can be requested again. */
static void check_failures(void)
{
    enum { TOO_LONG = 32769 };
    static char token[TOO_LONG];
    struct meet_pager pager;
    struct meet_error err = {.kind = MEET_OK};

    memset(token, 't', sizeof token);
    CHECK(meet_pager_init(&pager, token, TOO_LONG, -1, &err) == -1 &&
              err.kind == MEET_TOO_LARGE,
          "resumed with too long a token");
    meet_pager_deinit(&pager);
    CHECK(meet_pager_init(&pager, token, TOO_LONG - 1, -1, &err) == 0,
          "the longest one");
    meet_pager_deinit(&pager);

    start(&pager, NULL, -1);
    receive(&pager, 0, "b"); /* so that no mark moves below */
    receive(&pager, 0, "a");
    for (int i = 0; i < 3; i++) {
        err.kind = MEET_OK;
        CHECK(meet_pager_receive(&pager, 1, token, TOO_LONG, &err) == -1 &&
                  err.kind == MEET_TOO_LARGE,
              "too long a token");
        CHECK_STRING(resume(&pager), "a", "still to be asked for");
        CHECK(meet_pager_wants_page(&pager), "wanted");
    }
    CHECK(meet_pager_receive(&pager, 1, token, TOO_LONG - 1, &err) == 0,
          "the longest one");
    meet_pager_deinit(&pager);
}

/* Each token is longer than all before, so that each page needs memory. */
static void check_no_memory(void)
{
    enum { MOST = 20, TOKENS = 5 };
    static char token[128 << TOKENS];
    struct meet_pager pager;
    struct meet_error err = {.kind = MEET_OK};
    size_t asked = 1;

    scarce_left = 0;
    CHECK(meet_pager_init(&pager, NULL, 0, -1, &err) == 0, "needs none");
    CHECK(meet_pager_init(&pager, "t", 1, -1, &err) == -1 &&
              err.kind == MEET_MEMORY,
          "a token needs some");
    meet_pager_deinit(&pager);
    scarce_left = SIZE_MAX;
    memset(token, 't', sizeof token);
    start(&pager, "t", -1);
    for (int i = 0; i < TOKENS; i++) {
        size_t length = (size_t)128 << i, left = 0, resumed;
        int status;

        do {
            CHECK(meet_pager_token(&pager, &resumed) && resumed == asked &&
                      meet_pager_wants_page(&pager),
                  "token %d, %zu allocations: to be asked for", i, left);
            err.kind = MEET_OK;
            scarce_left = left++;
            status = meet_pager_receive(&pager, 0, token, length, &err);
            scarce_left = SIZE_MAX;
            CHECK(err.kind == (status < 0 ? MEET_MEMORY : MEET_OK),
                  "token %d: %s", i, meet_error_kind_name(err.kind));
        } while (status < 0 && left < MOST);
        CHECK(status == 0 && left > 1, "token %d arrives in the end", i);
        asked = length;
    }
    meet_pager_deinit(&pager);
    meet_pager_deinit(&pager);
}

int main(void)
{
    check_lists();
    check_take_page();
    check_limit();
    check_cycles();
    check_repeats();
    check_distinct();
    check_resumes();
    check_failures();
    check_no_memory();
    return check_report();
}
