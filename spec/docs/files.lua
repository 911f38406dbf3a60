--- Files of the tree, as the scripts of the documents read and write them.

local files = {}

---@param path string
---@return string
function files.read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

---@param path string
---@param text string
function files.write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
end

--- Return the paths of the declarations for editors.
---@return string[] paths in order
function files.types()
  local paths = {}
  local listed <close> = assert(io.popen "ls lua/googlemeet/types/*.lua")
  for path in listed:lines() do paths[#paths + 1] = path end
  return paths
end

--- Return all declarations for editors as one text.
---@return string
function files.read_types()
  local texts = {}
  for _, path in ipairs(files.types()) do texts[#texts + 1] = files.read(path) end
  return table.concat(texts, "\n")
end

return files
