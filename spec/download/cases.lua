--- What servers do to a download, and how it has to end: the same rows for the server, which
-- gives the answers, and for the gate, which judges.
--
-- An outcome is a kind of error, or the number of the content that has come whole: contents 1 and
-- 2 are two versions of a thing, of different sizes; 3 has 60 bytes; 4 is empty; 5 is as long as 1.
-- "short": it takes
-- the server's word that there is no more. Where several outcomes are as good, there are several.

local cases = {}

local LOCATION = "Location: http://127.0.0.1:9/elsewhere"
local OLD_DATE = "Wed, 21 Oct 2020 07:28:00 GMT"
local EVERYTHING = math.maxinteger

---@class OddCase
---@field name string
---@field answers OddAnswer[]|fun(number: integer, chance: table): OddAnswer
---@field path string outcomes with a path
---@field sink string outcomes with a function
---@field again? string outcomes of a second call with the same path
---@field part? "kept"|"gone" what is left beside the path after an error
---@field resumes? boolean some request gets a 206 that does not begin at 0
---@field most? integer requests
---@field served? number bytes sent at most, in sizes of the content
---@field version? string
---@field versions? string[] of the first call and of the second
---@field timeout? number seconds, 5 if not given
---@field seconds? number that it takes at least
---@field longest? number seconds that it takes at most, 3 more than at least if not given

---@type OddCase[]
local rows = {
  { name = "plain", answers = { {} }, path = "1", sink = "1", most = 1 },
  { name = "small", answers = { { content = 3 } }, path = "3", sink = "3", most = 1 },
  { name = "empty", answers = { { content = 4 } }, path = "4", sink = "4", most = 1 },
  { name = "chunked", answers = { { framing = "chunked" } }, path = "1", sink = "1", most = 1 },

  -- It breaks.
  { name = "fin", answers = { { cut = 0.5 }, {} }, path = "1", sink = "1", resumes = true,
    served = 1.01, most = 2 },
  { name = "rst", answers = { { cut = 0.5, how = "rst" }, {} }, path = "1", sink = "1",
    resumes = true, served = 1.6, most = 2 },
  { name = "in_the_head", answers = { { cut = 20 }, {} }, path = "1", sink = "1", most = 2 },
  { name = "before_the_head", answers = { { cut = 0 } }, path = "transport", sink = "transport",
    part = "gone", most = 3 },
  { name = "fifty", path = "1", sink = "1", resumes = true, served = 1.5, most = 51,
    answers = function(number, chance)
      if number > 50 then return {} end
      return { cut = chance:between(400, 30000), how = number % 2 == 0 and "rst" or "fin" }
    end },
  { name = "random_fin", path = "1", sink = "1", served = 1.01, most = 2,
    answers = function(number, chance)
      return number == 1 and { cut = chance:below(1000000) / 1000000 } or {}
    end },
  { name = "random_rst", path = "1", sink = "1", served = 2, most = 2,
    answers = function(number, chance)
      return number == 1 and { cut = chance:below(1000000) / 1000000, how = "rst" } or {}
    end },
  { name = "chunked_fin", answers = { { framing = "chunked", cut = 0.5 }, { framing = "chunked" } },
    path = "1", sink = "1", resumes = true, served = 1.01 },
  { name = "never_more", answers = { { cut = 0.5 }, { cut = 0 } }, path = "transport",
    sink = "transport", part = "kept", most = 4 },
  { name = "never_a_byte_more", answers = { { cut = 0.5 }, { cut = "head" } }, path = "transport",
    sink = "transport", part = "kept", most = 9, longest = 20 },

  -- It says nothing, or little.
  { name = "silence", answers = { { silent = 0.5 }, {} }, timeout = 0.5, path = "1", sink = "1",
    resumes = true, most = 2, seconds = 0.5 },
  { name = "silence_for_good", answers = { { silent = 0.5 }, { silent = 0 } }, timeout = 0.5,
    path = "timeout", sink = "timeout", part = "kept", most = 4, seconds = 1.5 },
  { name = "no_answer", answers = { { silent = 0 } }, timeout = 0.5, path = "timeout",
    sink = "timeout", part = "gone", most = 3, seconds = 1.5 },
  { name = "trickle", answers = { { content = 3, pace = 20, pieces = 4 } }, timeout = 0.5,
    path = "3", sink = "3", most = 1, seconds = 2 },

  -- It changes in the middle.
  { name = "changed", answers = { { cut = 0.5 }, { content = 2 } }, path = "2", sink = "conflict" },
  { name = "changed_206", path = "2", sink = "conflict",
    answers = { { cut = 0.5 }, { content = 2, ignores_if_range = true }, { content = 2 } } },
  { name = "changed_206_as_long", path = "5", sink = "conflict",
    answers = { { cut = 0.5 }, { content = 5, ignores_if_range = true }, { content = 5 } } },
  { name = "changed_size", path = "2", sink = "conflict",
    answers = { { cut = 0.5 }, { content = 2, ignores_if_range = true, etag = '"v1"' },
      { content = 2 } } },
  { name = "changed_version", version = "1", path = "2", sink = "conflict",
    answers = { { cut = 0.5 }, { content = 2 } } },

  -- Validators.
  { name = "range_ignored", answers = { { cut = 0.5 }, { ignores_range = true } }, path = "1",
    sink = "1", most = 2 },
  { name = "weak", answers = { { cut = 0.5, etag = 'W/"v1"' }, { etag = 'W/"v1"' } }, path = "1",
    sink = "transport" },
  { name = "modified", path = "1", sink = "1", resumes = true, served = 1.01,
    answers = { { cut = 0.5, etag = false, modified = OLD_DATE },
      { etag = false, modified = OLD_DATE } } },
  { name = "modified_just_now", path = "1", sink = "transport",
    answers = { { cut = 0.5, etag = false, modified = OLD_DATE, date = OLD_DATE },
      { etag = false, modified = OLD_DATE, date = OLD_DATE } } },
  { name = "no_validator", answers = { { cut = 0.5, etag = false }, { etag = false } }, path = "1",
    sink = "transport" },
  { name = "changed_unseen", path = "5", sink = "transport",
    answers = { { cut = 0.5, etag = false }, { content = 5, etag = false } } },
  { name = "changed_weak", path = "5", sink = "transport",
    answers = { { cut = 0.5, etag = 'W/"v1"' },
      { content = 5, etag = 'W/"v5"', ignores_if_range = true } } },
  { name = "version", version = "7", path = "1", sink = "1", resumes = true, served = 1.01,
    answers = { { cut = 0.5, etag = false }, { etag = false } } },
  { name = "another_version", versions = { "7", "8" }, path = "auth", sink = "auth",
    part = "kept", again = "2",
    answers = { { cut = 0.5, etag = false }, { status = 401, body = "{}" },
      { content = 2, etag = false } } },
  { name = "same_version", versions = { "7", "7" }, path = "auth", sink = "auth", part = "kept",
    again = "1", resumes = true, served = 1.01,
    answers = { { cut = 0.5, etag = false }, { status = 401, body = "{}" }, { etag = false } } },

  { name = "same_etag", path = "2", sink = "conflict",
    answers = { { cut = 0.5 }, { content = 2, ignores_range = true, etag = '"v1"' } } },
  { name = "etag_lost", answers = { { cut = 0.5 }, { etag = false, ignores_if_range = true } },
    path = "1", sink = "1", resumes = true },
  { name = "etag_lost_whole", answers = { { cut = 0.5 }, { etag = false, ignores_range = true } },
    path = "1", sink = "conflict" },

  -- Ranges as they may be.
  { name = "small_ranges", answers = { { cut = 0.5 }, { most = 100000 } }, path = "1", sink = "1",
    resumes = true, served = 1.01, most = 8 },
  { name = "size_unknown", answers = { { cut = 0.5 }, { content_range = "bytes FIRST-LAST/*" } },
    path = "1", sink = "1", resumes = true, served = 1.01 },
  { name = "chunks_without_end", path = "1", sink = "conflict transport",
    answers = { { framing = "chunked", cut = -5 }, { framing = "chunked" } } },

  -- It lies about lengths and ranges.
  { name = "range_overlong", path = "decode", sink = "decode",
    answers = { { cut = 0.5 },
      { framing = "chunked", content_range = "bytes FIRST-900000/SIZE" } } },
  { name = "length_short", answers = { { length_more = -1000 } }, path = "short", sink = "short" },
  { name = "length_long", answers = { { length_more = 1000, cut = EVERYTHING } },
    path = "transport", sink = "conflict transport", longest = 10 },
  { name = "length_too_long", path = "decode", sink = "decode",
    answers = { { length = "92233720368547758080", cut = EVERYTHING } }, longest = 10 },
  { name = "no_length", answers = { { framing = "close" } }, path = "decode",
    sink = "decode" },
  { name = "no_length_fin", answers = { { framing = "close", cut = 0.5 } },
    path = "decode", sink = "decode" },
  { name = "start", answers = { { cut = 0.5 }, { shift = 7 } }, path = "1", sink = "decode" },
  { name = "total", answers = { { cut = 0.5 }, { content_range = "bytes FIRST-LAST/99" } },
    path = "1", sink = "decode" },
  { name = "backwards", answers = { { cut = 0.5 }, { content_range = "bytes LAST-FIRST/SIZE" } },
    path = "1", sink = "decode" },
  { name = "unit", answers = { { cut = 0.5 }, { content_range = "lines FIRST-LAST/SIZE" } },
    path = "1", sink = "decode" },
  { name = "no_numbers", answers = { { cut = 0.5 }, { content_range = "bytes */SIZE" } },
    path = "1", sink = "decode" },
  { name = "no_content_range", answers = { { cut = 0.5 }, { content_range = false } },
    path = "1", sink = "decode" },
  { name = "multipart", path = "1", sink = "decode",
    answers = { { cut = 0.5 },
      { content_range = false, type = "multipart/byteranges; boundary=b" } } },
  { name = "unasked_206", answers = { { status = 206 } }, path = "decode", sink = "decode" },
  { name = "refused_range", path = "1", sink = "conflict",
    answers = { { cut = 0.5 }, { status = 416, body = "" }, {} } },
  { name = "identity", answers = { { headers = { "Content-Encoding: identity" } } }, path = "1",
    sink = "1" },
  { name = "gzip", answers = { { headers = { "Content-Encoding: gzip" } } }, path = "decode",
    sink = "decode", part = "gone" },

  -- Other answers: none of them is the thing.
  { name = "redirect", path = "transport", sink = "transport", part = "gone", most = 1,
    answers = { { status = 302, body = "over there", headers = { LOCATION } } } },
  { name = "redirected", path = "transport", sink = "transport", part = "kept", most = 2,
    answers = { { cut = 0.5 }, { status = 302, body = "over there", headers = { LOCATION } } } },
  { name = "not_found", answers = { { status = 404, body = '{"error":{"code":404}}' } },
    path = "not_found", sink = "not_found", part = "gone", most = 1 },
  { name = "no_content", answers = { { status = 204, body = "" } }, path = "decode",
    sink = "decode", most = 1 },
  { name = "unauthorized", path = "auth", sink = "auth", part = "kept", again = "1",
    resumes = true, served = 1.01,
    answers = { { cut = 0.5 }, { status = 401, body = "{}" }, {} } },
  { name = "limited", path = "1", sink = "1", resumes = true, served = 1.01, seconds = 1,
    answers = { { cut = 0.5 },
      { status = 429, body = "{}", headers = { "Retry-After: 1" } }, {} } },
  { name = "limited_for_good", path = "rate_limited", sink = "rate_limited", part = "kept",
    answers = { { cut = 0.5 }, { status = 429, body = "{}" } }, again = "rate_limited" },
  { name = "unavailable_for_good", path = "server", sink = "server", part = "kept", most = 4,
    answers = { { cut = 0.5 }, { status = 503, body = "{}" } } },
  { name = "unavailable", path = "1", sink = "1", resumes = true, served = 1.01,
    answers = { { cut = 0.5 }, { status = 503, body = "{}" }, {} } },
}

cases.list, cases.named = rows, {}
for _, case in ipairs(rows) do cases.named[case.name] = case end

--- Those with separate scenarios, which do not judge a single call.
cases.named.paced = { name = "paced", answers = { { pace = 4000000 } } }
cases.named.slow = { name = "slow", answers = { { pace = 1000000 } } }
-- The content that a header field X-Content names; without a validator if below 0.
cases.named.chosen = { name = "chosen" }
cases.named.fast = { name = "fast", answers = { {} } }

return cases
