--- The folder of recordings beside a store.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local hints = require "googlemeet.archive.hints"
local rows = require "googlemeet.archive.file_rows"

local folder = {}

--- Make the folder, unless it exists.
---@param path string
---@return string? path
---@return googlemeet.Error? err
function folder.make(path)
  local made, message, number = core.os.make_folder(path)
  if made then made, message, number = core.file.list(path) end -- what is there may be a file
  if made then return path end
  local kind, hint = hints.of_file(number)
  return nil, failure.new(kind, ("archive: %s: %s"):format(path, message), hint)
end

--- Give rows of recordings their paths, and let those be due whose file is not there or has another
-- size.
---@param list googlemeet.ArchiveFile[] changed in place
---@param path string of the folder
---@return googlemeet.ArchiveFile[] list
function folder.verify(list, path)
  for _, row in ipairs(list) do
    if rows.is_recording(row.name) then
      row.path = path .. "/" .. row.path
      local is_there = core.file.size(row.path) == row.bytes
      if row.state == "complete" and not is_there then row.state = "due" end
    end
  end
  return list
end

--- Remove what a killed run was about to write. Downloads that broke off stay: they go on.
---@param path string
function folder.sweep(path)
  for _, name in ipairs(core.file.list(path) or {}) do
    if name:find "^%.googlemeet%-%x+%.part$" then os.remove(path .. "/" .. name) end
  end
end

--- Remove what is left of a download, unless somebody goes on with it.
---@param path string of the folder
---@param name string of the file that it was to be
function folder.forget(path, name)
  local part = core.file.part(path .. "/" .. name)
  if part then part:close(false) end
end

return folder
