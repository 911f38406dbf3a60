/*
 * operation_test.c - the table of operations against the contract's facts.
 */
#include "check.h"
#include "operation.h"
#include "request.h"
#include "url.h"

/*
 * The reference pages and the gateway's documentation. Paths as they print
 * them, upstream of the gateway's "/google-meet"; 'pattern' is that of the
 * resource name in the path.
 */
static const struct {
    const char *id, *service, *method, *verb, *path, *pattern;
    const char *resource, *items, *envelope;
    unsigned page_size;
    enum meet_quota quota;
    double timeout;
    unsigned flags;
} facts[] = {
    {"spaces.create", "spaces", "create", "POST", "/v2/spaces", NULL, "space",
     NULL, NULL, 0, MEET_QUOTA_CREATE, 0, MEET_TAKES_OPTIONAL_BODY},
    {"spaces.get", "spaces", "get", "GET", "/v2/spaces/{space}", "spaces/*",
     "space", NULL, NULL, 0, MEET_QUOTA_READ, 0, MEET_TAKES_MEETING_CODE},
    {"spaces.patch", "spaces", "patch", "PATCH", "/v2/spaces/{space}",
     "spaces/*", "space", NULL, NULL, 0, MEET_QUOTA_WRITE, 0,
     MEET_TAKES_BODY | MEET_TAKES_MASK},
    {"spaces.endActiveConference", "spaces", "end_active_conference", "POST",
     "/v2/spaces/{space}:endActiveConference", "spaces/*", NULL, NULL, NULL, 0,
     MEET_QUOTA_WRITE, 0, MEET_SENDS_EMPTY_BODY},
    {"spaces.members.create", "members", "create", "POST",
     "/v2/spaces/{space}/members", "spaces/*", "member", NULL, NULL, 0,
     MEET_QUOTA_WRITE, 80, MEET_TAKES_BODY},
    {"spaces.members.get", "members", "get", "GET",
     "/v2/spaces/{space}/members/{member}", "spaces/*/members/*", "member",
     NULL, NULL, 0, MEET_QUOTA_READ, 0, 0},
    {"spaces.members.list", "members", "list", "GET",
     "/v2/spaces/{space}/members", "spaces/*", "member", "members", NULL, 500,
     MEET_QUOTA_READ, 0, 0},
    {"spaces.members.patch", "members", "patch", "PATCH",
     "/v2/spaces/{space}/members/{member}", "spaces/*/members/*", "member",
     NULL, NULL, 0, MEET_QUOTA_WRITE, 0, MEET_TAKES_BODY | MEET_TAKES_MASK},
    {"spaces.members.delete", "members", "delete", "DELETE",
     "/v2/spaces/{space}/members/{member}", "spaces/*/members/*", NULL, NULL,
     NULL, 0, MEET_QUOTA_WRITE, 0, 0},
    {"spaces.members.batchUpdate", "members", "batch_update", "POST",
     "/v2/spaces/{space}/members:batchUpdate", "spaces/*", "member", "members",
     NULL, 0, MEET_QUOTA_WRITE, 0, MEET_SENDS_BATCH},
    {"conferenceRecords.get", "conference_records", "get", "GET",
     "/v2/conferenceRecords/{conferenceRecord}", "conferenceRecords/*",
     "conference_record", NULL, NULL, 0, MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.list", "conference_records", "list", "GET",
     "/v2/conferenceRecords", NULL, "conference_record", "conferenceRecords",
     NULL, 100, MEET_QUOTA_READ, 0, MEET_TAKES_FILTER},
    {"conferenceRecords.participants.get", "participants", "get", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/participants/{participant}",
     "conferenceRecords/*/participants/*", "participant", NULL, NULL, 0,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.participants.list", "participants", "list", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/participants",
     "conferenceRecords/*", "participant", "participants", NULL, 250,
     MEET_QUOTA_READ, 0, MEET_TAKES_FILTER},
    {"conferenceRecords.participants.participantSessions.get",
     "participant_sessions", "get", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/participants/{participant}/"
     "participantSessions/{participantSession}",
     "conferenceRecords/*/participants/*/participantSessions/*",
     "participant_session", NULL, NULL, 0, MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.participants.participantSessions.list",
     "participant_sessions", "list", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/participants/{participant}/"
     "participantSessions",
     "conferenceRecords/*/participants/*", "participant_session",
     "participantSessions", NULL, 250, MEET_QUOTA_READ, 0, MEET_TAKES_FILTER},
    {"conferenceRecords.recordings.get", "recordings", "get", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/recordings/{recording}",
     "conferenceRecords/*/recordings/*", "recording", NULL, NULL, 0,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.recordings.list", "recordings", "list", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/recordings",
     "conferenceRecords/*", "recording", "recordings", NULL, 100,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.smartNotes.get", "smart_notes", "get", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/smartNotes/{smartNote}",
     "conferenceRecords/*/smartNotes/*", "smart_note", NULL, NULL, 0,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.smartNotes.list", "smart_notes", "list", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/smartNotes",
     "conferenceRecords/*", "smart_note", "smartNotes", NULL, 100,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.transcripts.get", "transcripts", "get", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/transcripts/{transcript}",
     "conferenceRecords/*/transcripts/*", "transcript", NULL, NULL, 0,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.transcripts.list", "transcripts", "list", "GET",
     "/v2/conferenceRecords/{conferenceRecord}/transcripts",
     "conferenceRecords/*", "transcript", "transcripts", NULL, 100,
     MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.transcripts.entries.get", "transcript_entries", "get",
     "GET",
     "/v2/conferenceRecords/{conferenceRecord}/transcripts/{transcript}/"
     "entries/{entry}",
     "conferenceRecords/*/transcripts/*/entries/*", "transcript_entry", NULL,
     NULL, 0, MEET_QUOTA_READ, 0, 0},
    {"conferenceRecords.transcripts.entries.list", "transcript_entries", "list",
     "GET",
     "/v2/conferenceRecords/{conferenceRecord}/transcripts/{transcript}/"
     "entries",
     "conferenceRecords/*/transcripts/*", "transcript_entry",
     "transcriptEntries", NULL, 100, MEET_QUOTA_READ, 0, 0},
    {"connections.list", "connections", "list", "GET", "/connections", NULL,
     "connection", "connections", NULL, 0, MEET_QUOTA_NONE, 0, MEET_TAKES_APP},
    {"connections.create", "connections", "create", "POST", "/connections",
     NULL, "connection", NULL, "connection", 0, MEET_QUOTA_NONE, 0,
     MEET_TAKES_BODY},
    {"connections.get", "connections", "get", "GET", "/connections/{id}", "*",
     "connection", NULL, "connection", 0, MEET_QUOTA_NONE, 0, 0},
    {"connections.delete", "connections", "delete", "DELETE",
     "/connections/{id}", "*", NULL, NULL, NULL, 0, MEET_QUOTA_NONE, 0, 0},
};

enum { FACTS = sizeof facts / sizeof facts[0], LONGEST = 128 };

static bool same(const char *actual, const char *expected)
{
    return actual && expected ? strcmp(actual, expected) == 0
                              : actual == expected;
}

/* Copy a reference path with each "{name}" made "*". */
static const char *flatten(const char *path, char *flat)
{
    size_t length = 0;

    for (const char *p = path; *p; p++) {
        if (*p == '{') {
            p = strchr(p, '}');
            flat[length++] = '*';
        } else {
            flat[length++] = *p;
        }
    }
    flat[length] = '\0';
    return flat;
}

/* Copy 'path' without its braces, which hold 'pattern'. */
static const char *open_braces(const char *path, char *flat, char *pattern)
{
    size_t length = 0, inside = 0;
    bool within = false;

    for (const char *p = path; *p; p++) {
        if (*p == '{' || *p == '}') {
            within = *p == '{';
            continue;
        }
        flat[length++] = *p;
        if (within)
            pattern[inside++] = *p;
    }
    flat[length] = pattern[inside] = '\0';
    return flat;
}

static void check_strings(size_t i, const struct meet_operation *row)
{
    const struct {
        const char *what, *actual, *expected;
    } fields[] = {
        {"service", row->service, facts[i].service},
        {"method", row->method, facts[i].method},
        {"verb", row->verb, facts[i].verb},
        {"resource", row->resource, facts[i].resource},
        {"items", row->items, facts[i].items},
        {"envelope", row->envelope, facts[i].envelope},
    };

    for (size_t j = 0; j < sizeof fields / sizeof fields[0]; j++)
        CHECK(same(fields[j].actual, fields[j].expected),
              "%s: %s: '%s' expected, got '%s'", facts[i].id, fields[j].what,
              fields[j].expected ? fields[j].expected : "(NULL)",
              fields[j].actual ? fields[j].actual : "(NULL)");
}

static void check_path(size_t i, const struct meet_operation *row)
{
    static const char app[] = "/google-meet";
    char actual[LONGEST], expected[LONGEST], pattern[LONGEST];
    const char *path = open_braces(row->path, actual, pattern);
    struct meet_error err;

    CHECK(meet_url_check_path(actual, strlen(actual), &err) == 0,
          "%s: well-formed", facts[i].id);
    if (row->quota != MEET_QUOTA_NONE) {
        CHECK(strncmp(path, app, strlen(app)) == 0, "%s: app", facts[i].id);
        path += strlen(app);
    }
    CHECK_STRING(path, flatten(facts[i].path, expected), facts[i].id);
    CHECK_STRING(pattern, facts[i].pattern ? facts[i].pattern : "",
                 facts[i].id);
}

static void check_facts(void)
{
    for (size_t i = 0; i < FACTS; i++) {
        const struct meet_operation *row = meet_operation_get(facts[i].id);

        CHECK(row, "%s: no such row", facts[i].id);
        if (!row)
            continue;
        CHECK_STRING(row->id, facts[i].id, "id");
        check_strings(i, row);
        check_path(i, row);
        CHECK(row->page_size == facts[i].page_size, "%s: page size %u", row->id,
              row->page_size);
        CHECK(row->quota == facts[i].quota, "%s: quota", row->id);
        CHECK(row->timeout == facts[i].timeout, "%s: timeout %g", row->id,
              row->timeout);
        CHECK(row->flags == facts[i].flags, "%s: flags %u", row->id,
              row->flags);
    }
}

/* At most one '{', before the one '}'; nothing but a pattern between. */
static void check_braces(const struct meet_operation *row)
{
    const char *open = strchr(row->path, '{');
    const char *close = strchr(row->path, '}');

    CHECK(!open == !close, "%s: braces come in pairs", row->id);
    if (!open || !close)
        return;
    CHECK(open < close && !strchr(open + 1, '{') && !strchr(close + 1, '}'),
          "%s: one pair", row->id);
    CHECK(open > row->path && open[-1] == '/', "%s: a segment starts", row->id);
    CHECK(close[-1] == '*' && strchr("/:", close[1]), "%s: an id ends",
          row->id); /* strchr finds the path's end, too */
    CHECK(strlen(row->path) < 120, "%s: room in the binding", row->id);
}

static void check_rules(void)
{
    static const unsigned bodies = MEET_TAKES_BODY | MEET_TAKES_OPTIONAL_BODY |
                                   MEET_SENDS_BATCH | MEET_SENDS_EMPTY_BODY;

    for (const struct meet_operation *row = meet_operations; row->id; row++) {
        bool read = same(row->verb, "GET");
        unsigned body = row->flags & bodies;

        check_braces(row);
        CHECK(meet_request_verb(row->verb), "%s: verb", row->id);
        CHECK((row->quota == MEET_QUOTA_READ) ==
                  (read && row->quota != MEET_QUOTA_NONE),
              "%s: reads, and only they, count as reads", row->id);
        CHECK(!read || !body, "%s: a read has no body", row->id);
        CHECK((body & (body - 1)) == 0, "%s: one kind of body", row->id);
        CHECK(!row->page_size || (read && row->items),
              "%s: only lists have pages", row->id);
        CHECK(!row->items || row->resource, "%s: type of the items", row->id);
        CHECK(!(row->flags & MEET_TAKES_FILTER) || row->page_size,
              "%s: only lists are filtered", row->id);
        CHECK(!(row->flags & MEET_TAKES_MASK) || same(row->verb, "PATCH"),
              "%s: only patches are masked", row->id);
        CHECK(!(row->flags & MEET_TAKES_MEETING_CODE) ||
                  strstr(row->path, "{spaces/*}"),
              "%s: a code names a space", row->id);
    }
}

static void check_unique(void)
{
    size_t count = 0;

    for (const struct meet_operation *row = meet_operations; row->id; row++) {
        count++;
        CHECK(meet_operation_get(row->id) == row, "%s: the id is its own",
              row->id);
        for (const struct meet_operation *other = meet_operations; other != row;
             other++) {
            CHECK(!same(row->service, other->service) ||
                      !same(row->method, other->method),
                  "%s and %s have one name", row->id, other->id);
            CHECK(!same(row->verb, other->verb) ||
                      !same(row->path, other->path),
                  "%s and %s are one request", row->id, other->id);
        }
    }
    CHECK(count == FACTS, "%zu rows, but facts of %d", count, FACTS);
}

static void check_unknown(void)
{
    static const char *const ids[] = {
        "",
        "spaces",
        "spaces.",
        "spaces.ge",
        "spaces.gets",
        "Spaces.get",
        "spaces.get ",
        "members.list",
        "meet.spaces.get",
        "spaces.members.batch_update",
        "connections.patch",
    };

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        CHECK(!meet_operation_get(ids[i]), "'%s' is no operation", ids[i]);
}

/* Only the gateway's own list has a token of another name. */
static void check_tokens(void)
{
    for (const struct meet_operation *row = meet_operations; row->id; row++)
        CHECK(strcmp(row->id, "connections.list") == 0
                  ? row->token && strcmp(row->token, "next_token") == 0
                  : !row->token,
              "%s: token", row->id);
}

int main(void)
{
    check_facts();
    check_tokens();
    check_rules();
    check_unique();
    check_unknown();
    return check_report();
}
