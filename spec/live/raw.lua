--- The body of an answer as it comes, by the program curl: of one that is an error the client gives
-- what it understood of it only.

local raw = {}

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

--- Make a function that sends a GET and returns the body; nil where there is no curl, or no answer.
-- The key goes to curl by its standard input, so that no list of processes shows it.
---@param base_url string
---@param own_key string
---@return fun(path: string, key: string?): string?
function raw.by_curl(base_url, own_key)
  return function(path, key)
    local name = os.tmpname()
    local pipe = io.popen(("curl -s --max-time 20 --max-filesize 100000 -o '%s' -K - 2>/dev/null")
      :format(name), "w")
    if not pipe then return nil end
    pipe:write("url = ", quoted(base_url .. path), "\nheader = ",
      quoted("Authorization: Bearer " .. (key or own_key)), "\n")
    local ok = pipe:close()
    local file <close> = io.open(name, "rb")
    local body = file and file:read "a"
    os.remove(name)
    return ok and body or nil
  end
end

--- The same of a fake in memory.
---@param transport function
---@param own_key string
---@return fun(path: string, key: string?): string?
function raw.by_transport(transport, own_key)
  return function(path, key)
    return transport({
      method = "GET", url = "https://api.maton.ai" .. path,
      headers = { Authorization = "Bearer " .. (key or own_key) },
    }, 20).body
  end
end

return raw
