--- The names that an answer of `make live` may have: what the contract knows, and no other.

local facts = require "spec.support.contract.facts"

local terms = {}

local function set(...)
  local names = {}
  for _, name in ipairs { ... } do names[name] = true end
  return names
end

--- The classes of error, by the list in the core.
terms.kind = set("transport", "tls", "timeout", "deadline", "auth", "connection", "permission",
  "not_found", "conflict", "invalid", "rate_limited", "server", "decode", "too_large", "cancelled",
  "memory", "config")
terms.origin = set("gateway", "google", "transport", "client")
--- Fields of the gateway's errors, and others that such bodies have elsewhere.
terms.error = set("error", "errors", "message", "code", "status", "type", "details", "detail",
  "title", "reason", "success", "trace_id", "request_id", "error_description")

--- Canonical names: contract/gateway.md, "Google's error body"; reasons of Drive and Calendar.
terms.reason = set("INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE", "UNAUTHENTICATED",
  "PERMISSION_DENIED", "NOT_FOUND", "ALREADY_EXISTS", "ABORTED", "RESOURCE_EXHAUSTED", "CANCELLED",
  "INTERNAL", "UNKNOWN", "DATA_LOSS", "UNIMPLEMENTED", "UNAVAILABLE", "DEADLINE_EXCEEDED",
  "notFound", "fileNotDownloadable", "cannotDownloadFile", "cannotDownloadAbusiveFile",
  "exportSizeLimitExceeded", "fileNotExportable", "appNotAuthorizedToFile", "badRequest",
  "invalidParameter", "invalid", "required", "requestedRangeNotSatisfiable", "rateLimitExceeded",
  "userRateLimitExceeded", "quotaExceeded", "timeRangeEmpty",
  "requestedOrderingNotAvailable", "forbidden", "authError", "insufficientPermissions")

terms.detail = set("ErrorInfo", "RetryInfo", "BadRequest", "QuotaFailure", "PreconditionFailure",
  "ResourceInfo", "RequestInfo", "Help", "LocalizedMessage", "DebugInfo")

--- Header fields of an answer, in lower case.
terms.header = set("accept-ranges", "age", "alt-svc", "cache-control", "cf-ray", "connection",
  "content-disposition", "content-encoding", "content-length", "content-range", "content-type",
  "date", "etag", "expires", "keep-alive", "last-modified", "location", "ratelimit",
  "ratelimit-limit", "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset", "retry-after",
  "server", "server-timing", "set-cookie", "strict-transport-security", "transfer-encoding", "vary",
  "via", "x-amz-cf-id", "x-amzn-requestid", "x-amzn-trace-id", "x-content-type-options",
  "x-frame-options", "x-goog-hash", "x-ratelimit-limit", "x-ratelimit-remaining",
  "x-ratelimit-reset", "x-request-id", "x-xss-protection")

terms.encoding = set("gzip", "br", "deflate", "zstd", "identity")

--- The apps that are asked for.
terms.app = set("google-meet", "google-drive", "google-docs", "google-calendar", "google-forms",
  "google-slides")

--- What may be missing from an account.
terms.thing = set("conference record", "space", "member", "participant", "participant session",
  "recording", "smart note", "transcript", "transcript entry", "connection", "event",
  "recording with a file", "smart note or transcript with a document")

--- Schemas of the contract whose documents give only the fields that this module uses, with others.
local MORE = {
  ConnectionList = set("cursor", "total", "limit"),
  ConnectionDeleted = set("connection_id", "id", "status", "success", "message", "deleted"),
  Member = set("user"), -- of v2beta
}

--- Return the fields of a schema that may be named.
---@param schema string
---@return table<string, true>
function terms.fields(schema)
  local names, known = {}, facts.schema(schema)
  for name in pairs(known and known.fields or {}) do names[name] = true end
  for name in pairs(MORE[schema] or {}) do names[name] = true end
  return names
end

--- Return all that may be named, as one text in lower case.
---@return string
function terms.all()
  local words = {}
  for _, names in pairs(terms) do
    for name in pairs(type(names) == "table" and names or {}) do words[#words + 1] = name end
  end
  for _, schemas in ipairs { facts.schemas, facts.others.schemas, MORE } do
    for schema in pairs(schemas) do
      for name in pairs(terms.fields(schema)) do words[#words + 1] = name end
    end
  end
  return table.concat(words, "\n"):lower()
end

return terms
