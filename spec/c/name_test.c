/*
 * name_test.c - which forms name a resource, and what they stand for.
 */
#include "check.h"
#include "scarce.h"
#include "../../src/buffer.c"
#include "../../src/name.c"

#define SPACE   "spaces/*"
#define MEMBER  "spaces/*/members/*"
#define RECORD  "conferenceRecords/*"
#define PERSON  "conferenceRecords/*/participants/*"
#define SESSION PERSON "/participantSessions/*"
#define ENTRY   "conferenceRecords/*/transcripts/*/entries/*"
#define ANY     "*"

/* Room for the longest name of a table here, not for the longest there is. */
enum { ROOM = 2048 };

struct form {
    const char *pattern;
    const char *text;
    const char *name; /* NULL: invalid */
    bool code;
};

static const struct form full_names[] = {
    {SPACE, "spaces/jQCFfuBOdN5z", "spaces/jQCFfuBOdN5z", false},
    {SPACE, "spaces/a", "spaces/a", false},
    {SPACE, "spaces/a-b_c.d~e", "spaces/a-b_c.d~e", false},
    {SPACE, "spaces/.a", "spaces/.a", false},
    {SPACE, "spaces/a..b", "spaces/a..b", false},
    {MEMBER, "spaces/a/members/b", "spaces/a/members/b", false},
    {RECORD, "conferenceRecords/cr1", "conferenceRecords/cr1", false},
    {PERSON, "conferenceRecords/a/participants/b",
     "conferenceRecords/a/participants/b", false},
    {SESSION, "conferenceRecords/a/participants/b/participantSessions/c",
     "conferenceRecords/a/participants/b/participantSessions/c", false},
    {ENTRY, "conferenceRecords/a/transcripts/b/entries/c",
     "conferenceRecords/a/transcripts/b/entries/c", false},
    {SPACE, "spaces/", NULL, false},
    {SPACE, "spaces", "spaces/spaces", false}, /* an id like any other */
    {SPACE, "/", NULL, false},
    {SPACE, "/a", NULL, false},
    {SPACE, "a/", NULL, false},
    {SPACE, "/spaces/a", NULL, false},
    {SPACE, "spaces/a/", NULL, false},
    {SPACE, "spaces//a", NULL, false},
    {SPACE, "spaces/a/b", NULL, false},
    {SPACE, "spaces/a/members/b", NULL, false},
    {SPACE, "space/a", NULL, false},
    {SPACE, "Spaces/a", NULL, false},
    {SPACE, "SPACES/a", NULL, false},
    {SPACE, "conferenceRecords/a", NULL, false},
    {SPACE, "v2/spaces/a", NULL, false},
    {SPACE, "spaces/a:endActiveConference", NULL, false},
    {RECORD, "spaces/a", NULL, false},
    {RECORD, "conferencerecords/a", NULL, false},
    {RECORD, "conferenceRecords/a/participants/b", NULL, false},
    {PERSON, "conferenceRecords/a", NULL, false},
    {"things/*/parts/*", "things/hpk-vtwd-ens/parts/a",
     "things/hpk-vtwd-ens/parts/a", false}, /* as long as "spaces/" */
    {PERSON, "conferenceRecords/a/", NULL, false},
    {PERSON, "conferenceRecords/a/participants", NULL, false},
    {PERSON, "conferenceRecords/a/participants/", NULL, false},
    {PERSON, "conferenceRecords//participants/b", NULL, false},
    {PERSON, "conferenceRecords/a/recordings/b", NULL, false},
    {PERSON, "conferenceRecords/a/participants/b/", NULL, false},
    {PERSON, "conferenceRecords/a/participants/b/c", NULL, false},
    {PERSON, "participants/b", NULL, false},
    {SESSION, "conferenceRecords/a/participants/b", NULL, false},
    {MEMBER, "spaces/a/member/b", NULL, false},
    {MEMBER, "spaces/a/members/b/members/c", NULL, false},
    {ANY, "a/b", NULL, false},
    {ANY, "connections/a", NULL, false},
    {ANY, "/", NULL, false},
};

static const struct form bare_ids[] = {
    {SPACE, "jQCFfuBOdN5z", "spaces/jQCFfuBOdN5z", false},
    {SPACE, "a", "spaces/a", false},
    {SPACE, "-", "spaces/-", false},
    {SPACE, "...a", NULL, false},
    {SPACE, ".a", "spaces/.a", false},
    {SPACE, "a.", "spaces/a.", false},
    {SPACE, "!$&'()*+,;=@[]^`{|}~", "spaces/!$&'()*+,;=@[]^`{|}~", false},
    {RECORD, "cr1", "conferenceRecords/cr1", false},
    {RECORD, "abc-mnop-xyz", "conferenceRecords/abc-mnop-xyz", false},
    {RECORD, "ABC-MNOP-XYZ", "conferenceRecords/ABC-MNOP-XYZ", false},
    {ANY, "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90",
     "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90", false},
    {ANY, "ABC-MNOP-XYZ", "ABC-MNOP-XYZ", false},
    {MEMBER, "b", NULL, false}, /* nobody knows whose */
    {PERSON, "b", NULL, false},
    {SESSION, "c", NULL, false},
    {MEMBER, "", NULL, false},
    {SPACE, "", NULL, false},
    {ANY, "", NULL, false},
    {SPACE, ".", NULL, false},
    {SPACE, "..", NULL, false},
    {SPACE, "..a", NULL, false},
    {SPACE, "spaces/.", NULL, false},
    {SPACE, "spaces/..", NULL, false},
    {SPACE, "../a", NULL, false},
    {SPACE, "spaces/../conferenceRecords", NULL, false},
    {MEMBER, "spaces/../members/a", NULL, false},
    {MEMBER, "spaces/a/members/..", NULL, false},
    {ANY, "..", NULL, false},
    {ANY, ".", NULL, false},
    {SPACE, "a b", NULL, false},
    {SPACE, " a", NULL, false},
    {SPACE, "a ", NULL, false},
    {SPACE, "a?b", NULL, false},
    {SPACE, "a#b", NULL, false},
    {SPACE, "a%2Fb", NULL, false},
    {SPACE, "a\\b", NULL, false},
    {SPACE, "a\"b", NULL, false},
    {SPACE, "<a", NULL, false},
    {SPACE, "a>", NULL, false},
    {SPACE, "a:b", NULL, false},
    {SPACE, "\xC3\xA9", NULL, false},
    {SPACE, "a\xFF", NULL, false},
    {SPACE, "spaces/a b", NULL, false},
    {SPACE, "spaces/a?b", NULL, false},
    {SPACE, "spaces/a#b", NULL, false},
    {SPACE, "spaces/a%2e%2e", NULL, false},
    {MEMBER, "spaces/a b/members/c", NULL, false},
    {MEMBER, "spaces/a/members/b c", NULL, false},
};

static const struct form codes[] = {
    {SPACE, "abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "ABC-MNOP-XYZ", "spaces/abc-mnop-xyz", true},
    {SPACE, "aBc-MnOp-xyZ", "spaces/abc-mnop-xyz", true},
    {SPACE, "azz-zaaz-zza", "spaces/azz-zaaz-zza", true},
    {SPACE, "AZZ-ZAAZ-ZZA", "spaces/azz-zaaz-zza", true},
    {SPACE, "spaces/abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "spaces/ABC-mnop-XYZ", "spaces/abc-mnop-xyz", true},
    {MEMBER, "spaces/abc-mnop-xyz/members/b", "spaces/abc-mnop-xyz/members/b",
     true},
    {MEMBER, "spaces/ABC-MNOP-XYZ/members/B", "spaces/abc-mnop-xyz/members/B",
     true},
    {MEMBER, "spaces/a/members/ABC-MNOP-XYZ", "spaces/a/members/ABC-MNOP-XYZ",
     false}, /* a member's id is not a space */
    {MEMBER, "abc-mnop-xyz/members/b", NULL, false},
    {SPACE, "ABC-MNOP-XY", "spaces/ABC-MNOP-XY", false}, /* ids: kept */
    {SPACE, "ABCMNOPXYZ", "spaces/ABCMNOPXYZ", false},
    {SPACE, "ABCD-MNO-XYZ", "spaces/ABCD-MNO-XYZ", false},
    {SPACE, "AB1-MNOP-XYZ", "spaces/AB1-MNOP-XYZ", false},
    {SPACE, "ABC_MNOP_XYZ", "spaces/ABC_MNOP_XYZ", false},
    {SPACE, "ABC-MNOP-XYZA", "spaces/ABC-MNOP-XYZA", false},
    {SPACE, " abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "\tABC-mnop-xyz  ", "spaces/abc-mnop-xyz", true},
    {SPACE, "<abc-mnop-xyz>", "spaces/abc-mnop-xyz", true},
    {SPACE, "abc-mnop-xyz.", "spaces/abc-mnop-xyz", true},
    {SPACE, " < abc-mnop-xyz >. ", "spaces/abc-mnop-xyz", true},
    {SPACE, "abc-mnop-xyz..", "spaces/abc-mnop-xyz..", false}, /* an id */
    {SPACE, "<abc-mnop-xyz", NULL, false},
    {SPACE, "abc-mnop-xyz>", NULL, false},
    {SPACE, "<>", NULL, false},
    {SPACE, "<", NULL, false},
    {SPACE, " ", NULL, false},
    {RECORD, " cr1", NULL, false}, /* no link to this */
    {MEMBER, " spaces/a/members/b", NULL, false},
    {SPACE, "abc-mnop-xyz\n", NULL, false},
    {SPACE, "abc-mnop-xyz/", NULL, false},
    {SPACE, "abc mnop xyz", NULL, false},
};

#define MEET "https://meet.google.com/"

static const struct form urls[] = {
    {SPACE, MEET "abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz/", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz?authuser=0", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz?a=b/c?d#e", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz/?hs=122", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz#x", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz/#x", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz?", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "ABC-MNOP-XYZ", "spaces/abc-mnop-xyz", true},
    {SPACE, "HTTPS://MEET.GOOGLE.COM/ABC-MNOP-XYZ", "spaces/abc-mnop-xyz",
     true},
    {SPACE, "hTTps://Meet.Google.Com/aBc-mnop-xyz?X=Y", "spaces/abc-mnop-xyz",
     true},
    {SPACE, "http://meet.google.com/abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "HTTP://meet.google.com/abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "meet.google.com/abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "MEET.google.com/abc-mnop-xyz/?a#b", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET, NULL, false},
    {SPACE, "https://meet.google.com", NULL, false},
    {SPACE, "meet.google.com/", NULL, false},
    {SPACE, MEET "?abc-mnop-xyz", NULL, false},
    {SPACE, MEET "#abc-mnop-xyz", NULL, false},
    {SPACE, MEET "/", NULL, false},
    {SPACE, MEET "/abc-mnop-xyz", NULL, false},
    {SPACE, MEET "abc-mnop-xyz//", NULL, false},
    {SPACE, MEET "abc-mnop-xyz/x", NULL, false},
    {SPACE, MEET "abc-mnop-xyz%20", NULL, false},
    {SPACE, MEET "abc-mnop-xyz ", "spaces/abc-mnop-xyz", true},
    {SPACE, " " MEET "abc-mnop-xyz", "spaces/abc-mnop-xyz", true},
    {SPACE, "<" MEET "abc-mnop-xyz>", "spaces/abc-mnop-xyz", true},
    {SPACE, MEET "abc-mnop-xyz.", "spaces/abc-mnop-xyz", true},
    {SPACE, "<meet.google.com/abc-mnop-xyz?authuser=0>.", "spaces/abc-mnop-xyz",
     true},
    {SPACE, MEET "abc-mnop-xyz\r\n", NULL, false},
    {SPACE, MEET "abc -mnop-xyz", NULL, false},
    {SPACE, "<" MEET "lookup/abc>", NULL, false},
    {SPACE, MEET "abc-mnop-xyz&x", NULL, false},
    {SPACE, MEET "jQCFfuBOdN5z", NULL, false}, /* ids have no URL */
    {SPACE, MEET "spaces/abc-mnop-xyz", NULL, false},
    {SPACE, MEET "new", NULL, false},
    {SPACE, MEET "landing", NULL, false},
    {SPACE, MEET "lookup/dsx7ee4uvq", NULL, false},
    {SPACE, MEET "lookup/abc-mnop-xyz", NULL, false},
    {SPACE, "HTTPS://MEET.GOOGLE.COM/LOOKUP/ABC-MNOP-XYZ", NULL, false},
    {SPACE, "meet.google.com/lookup/abc", NULL, false},
    {SPACE, MEET "lookup/", NULL, false},
    {SPACE, MEET "_meet/abc-mnop-xyz", NULL, false},
    {SPACE, MEET "standup", NULL, false}, /* a nickname */
    {SPACE, MEET "team-stand-up?authuser=1", NULL, false},
    {SPACE, MEET "..", NULL, false},
    {SPACE, MEET "../abc-mnop-xyz", NULL, false},
    {SPACE, "https://example.com/abc-mnop-xyz", NULL, false},
    {SPACE, "example.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://meet.google.com.example.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://xmeet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://example.com/meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://meet.google.com@example.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://a:b@meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://meet.google.com:443/abc-mnop-xyz", NULL, false},
    {SPACE, "https://meet.google.com\\abc-mnop-xyz", NULL, false},
    {SPACE, "https://meet.google.co/abc-mnop-xyz", NULL, false},
    {SPACE, "https://g.co/meet/standup", NULL, false},
    {SPACE, "ftp://meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "//meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https:/meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://http://meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "http://https://meet.google.com/abc-mnop-xyz", NULL, false},
    {SPACE, "https://", NULL, false},
    {SPACE, "https://abc-mnop-xyz", NULL, false},
    {SPACE, "http", "spaces/http", false},
    {RECORD, MEET "abc-mnop-xyz", NULL, false}, /* names a space only */
    {MEMBER, MEET "abc-mnop-xyz", NULL, false},
    {ANY, MEET "abc-mnop-xyz", NULL, false},
    {ANY, "meet.google.com/abc-mnop-xyz", NULL, false},
};

static void check_form(const char *what, size_t i, const struct form *form)
{
    size_t length = strlen(form->text);
    char *text = check_copy(form->text, length);
    struct meet_buffer name;
    struct meet_error err = {.kind = MEET_OK};
    bool code = !form->code; /* must be written */
    int status;

    meet_buffer_init(&name, ROOM);
    status = meet_name_resolve(&name, form->pattern, text, length, &code, &err);
    CHECK(status == (form->name ? 0 : -1), "%s %zu, '%s': status %d", what, i,
          form->text, status);
    CHECK(err.kind == (form->name ? MEET_OK : MEET_CONFIG),
          "%s %zu, '%s': kind %s", what, i, form->text,
          meet_error_kind_name(err.kind));
    if (form->name) {
        CHECK_STRING(meet_buffer_string(&name), form->name, what);
        CHECK(code == form->code, "%s %zu, '%s': code", what, i, form->text);
    }
    meet_buffer_deinit(&name);
    free(text);
}

#define CHECK_FORMS(table)                                      \
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) \
    check_form(#table, i, &table[i])

static void check_control_bytes(void)
{
    static const struct {
        const char *pattern;
        const char *text;
        size_t length;
        const char *shown;
    } cases[] = {
        {SPACE, "\0", 1, "\\x00"},
        {SPACE, "a\0", 2, "a\\x00"},
        {SPACE, "a\0b", 3, "a\\x00b"},
        {SPACE, "\0spaces/a", 9, "\\x00spaces/a"},
        {SPACE, "spaces/a\0", 9, "spaces/a\\x00"},
        {SPACE, "spaces/\0a", 9, "spaces/\\x00a"},
        {SPACE, "spaces\0/a", 9, "spaces\\x00/a"},
        {SPACE, "abc-mnop-xyz\0", 13, "abc-mnop-xyz\\x00"},
        {SPACE, "abc-mnop-xy\0", 12, "abc-mnop-xy\\x00"},
        {SPACE, "abc-mnop-xyz\r", 13, "abc-mnop-xyz\\r"},
        {SPACE, "a\r\nHost: b", 10, "a\\r\\nHost: b"},
        {SPACE, "spaces/a\n", 9, "spaces/a\\n"},
        {SPACE, "a\tb", 3, "a\\tb"},
        {SPACE, "a\x7F", 2, "a\\x7F"},
        {SPACE, "\x01", 1, "\\x01"},
        {SPACE, "a\x1F", 2, "a\\x1F"},
        {SPACE, "https://meet.google.com/abc-mnop-xyz\n", 37,
         "https://meet.google.com/abc-mnop-xyz\\n"},
        {SPACE, "https://meet.google.com/abc-mnop-xyz\0", 37,
         "https://meet.google.com/abc-mnop-xyz\\x00"},
        {SPACE, "https://meet.google.com\0/abc-mnop-xyz", 37,
         "https://meet.google.com\\x00/abc-mnop-xyz"},
        {MEMBER, "spaces/a\0/members/b", 19, "spaces/a\\x00/members/b"},
        {MEMBER, "spaces/a/members/b\n", 19, "spaces/a/members/b\\n"},
        {ANY, "a\r", 2, "a\\r"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = check_copy(cases[i].text, cases[i].length);
        struct meet_buffer name;
        struct meet_error err = {.kind = MEET_OK};
        char begins[100];
        bool code;

        meet_buffer_init(&name, ROOM);
        CHECK(meet_name_resolve(&name, cases[i].pattern, text, cases[i].length,
                                &code, &err) == -1,
              "case %zu: rejected", i);
        CHECK(err.kind == MEET_CONFIG, "case %zu: kind", i);
        snprintf(begins, sizeof begins,
                 "malformed resource name '%s':", cases[i].shown);
        CHECK(strncmp(err.message, begins, strlen(begins)) == 0,
              "case %zu: escaped: %s", i, err.message);
        meet_buffer_deinit(&name);
        free(text);
    }
}

/* An id may have 256 bytes, in every place where one stands. */
static void check_lengths(void)
{
    static const struct {
        const char *pattern;
        const char *before;
        size_t length;
        const char *behind;
        bool good;
    } cases[] = {
        {SPACE, "", 256, "", true},
        {SPACE, "", 257, "", false},
        {SPACE, "spaces/", 256, "", true},
        {SPACE, "spaces/", 257, "", false},
        {MEMBER, "spaces/", 256, "/members/a", true},
        {MEMBER, "spaces/", 257, "/members/a", false},
        {MEMBER, "spaces/a/members/", 256, "", true},
        {MEMBER, "spaces/a/members/", 257, "", false},
        {ANY, "", 256, "", true},
        {ANY, "", 257, "", false},
        {SPACE, "", 1500, "", false},
        {SPACE, "https://meet.google.com/abc-mnop-xyz?", 1500, "", true},
        {SPACE, "https://meet.google.com/", 1500, "", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[ROOM];
        char id[ROOM];
        struct meet_buffer name;
        struct meet_error err;
        bool code;
        int length, status;

        memset(id, 'x', sizeof id);
        length = snprintf(text, sizeof text, "%s%.*s%s", cases[i].before,
                          (int)cases[i].length, id, cases[i].behind);
        meet_buffer_init(&name, ROOM);
        status = meet_name_resolve(&name, cases[i].pattern, text,
                                   (size_t)length, &code, &err);
        CHECK(status == (cases[i].good ? 0 : -1), "case %zu: status %d", i,
              status);
        meet_buffer_deinit(&name);
    }
}

static void check_messages(void)
{
#define LONG "123456789012345678901234567890123456789012345678901234567890"
    static const struct {
        const char *pattern;
        const char *text;
        const char *message;
    } cases[] = {
        {SPACE, "a b",
         "malformed resource name 'a b': expected spaces/*, an id, a meeting "
         "code or a https://meet.google.com/ URL with a meeting code (lookup "
         "and nickname links cannot be resolved)"},
        {RECORD, "a b",
         "malformed resource name 'a b': expected conferenceRecords/* or an "
         "id"},
        {MEMBER, "a b",
         "malformed resource name 'a b': expected spaces/*/members/*"},
        {ANY, "a b",
         "malformed resource name 'a b': expected a connection's id"},
        {"spaces", "a", "the pattern 'spaces' does not end in '*'"},
        {"spaces/*/x", "spaces/a/x",
         "the pattern 'spaces/*/x' does not end in '*'"},
        {ANY, "", "malformed resource name '': expected a connection's id"},
        {RECORD, "%" LONG "123456789012345678",
         "malformed resource name '%" LONG "123456789012345678': expected "
         "conferenceRecords/* or an id"},
        {RECORD, "%" LONG "1234567890123456789 and more",
         "malformed resource name '%" LONG "1234567890123456789': expected "
         "conferenceRecords/* or an id"},
    };
#undef LONG

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct meet_buffer name;
        struct meet_error err = {.kind = MEET_OK};
        bool code;

        meet_buffer_init(&name, ROOM);
        meet_name_resolve(&name, cases[i].pattern, cases[i].text,
                          strlen(cases[i].text), &code, &err);
        CHECK_STRING(err.message, cases[i].message, "message");
        meet_buffer_deinit(&name);
    }
}

static void check_is_code(void)
{
    static const struct {
        const char *text;
        bool code;
    } cases[] = {
        {"abc-mnop-xyz", true},     {"ABC-MNOP-XYZ", true},
        {"aaa-zzzz-AZz", true},     {"", false},
        {"abc-mnop-xy", false},     {"abc-mnop-xyzz", false},
        {"abcd-mno-xyz", false},    {"ab-cmnop-xyz", false},
        {"abc-mno-pxyz", false},    {"abcxmnopxxyz", false},
        {"abc-mnopxxyz", false},    {"abcxmnop-xyz", false},
        {"abc-mnop_xyz", false},    {"abc_mnop-xyz", false},
        {"1bc-mnop-xyz", false},    {"abc-mn0p-xyz", false},
        {"abc-mnop-xy9", false},    {"@bc-mnop-xyz", false},
        {"[bc-mnop-xyz", false},    {"`bc-mnop-xyz", false},
        {"{bc-mnop-xyz", false},    {"abc-mnop-xy-", false},
        {"abc-mnop-xy\xE9", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].text);
        char *text = check_copy(cases[i].text, length);

        CHECK(meet_name_is_meeting_code(text, length) == cases[i].code,
              "case %zu: '%s'", i, cases[i].text);
        free(text);
    }
}

/* Neither a full buffer nor no memory at all gives half a name. */
static void check_no_room(void)
{
    static const struct {
        const char *pattern;
        const char *text;
        size_t needed;
    } cases[] = {
        {SPACE, "a", 8},
        {SPACE, "spaces/a", 8},
        {SPACE, "ABC-MNOP-XYZ", 19},
        {SPACE, "https://meet.google.com/abc-mnop-xyz", 19},
        {MEMBER, "spaces/abc-mnop-xyz/members/b", 29},
        {RECORD, "a", 19},
        {PERSON, "conferenceRecords/a/participants/b", 34},
        {ANY, "a", 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].text);
        struct meet_buffer name;
        struct meet_error err = {.kind = MEET_OK};
        bool code;

        for (size_t limit = 0; limit < cases[i].needed; limit++) {
            meet_buffer_init(&name, limit);
            CHECK(meet_name_resolve(&name, cases[i].pattern, cases[i].text,
                                    length, &code, &err) == -1 &&
                      err.kind == MEET_TOO_LARGE,
                  "case %zu: room for %zu bytes", i, limit);
            meet_buffer_deinit(&name);
        }
        meet_buffer_init(&name, cases[i].needed);
        scarce_left = 0;
        CHECK(meet_name_resolve(&name, cases[i].pattern, cases[i].text, length,
                                &code, &err) == -1 &&
                  err.kind == MEET_MEMORY,
              "case %zu: no memory", i);
        scarce_left = SIZE_MAX;
        CHECK(meet_name_resolve(&name, cases[i].pattern, cases[i].text, length,
                                &code, &err) == 0,
              "case %zu: just room", i);
        meet_buffer_deinit(&name);
    }
}

int main(void)
{
    CHECK_FORMS(full_names);
    CHECK_FORMS(bare_ids);
    CHECK_FORMS(codes);
    CHECK_FORMS(urls);
    check_control_bytes();
    check_lengths();
    check_messages();
    check_is_code();
    check_no_room();
    return check_report();
}
