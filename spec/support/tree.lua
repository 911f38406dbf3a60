-- The project's own files, and commands.

local tree = {}

--- Quote a word for the shell.
function tree.quote(word)
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

--- Run a shell command; give what it wrote (both streams) and whether it succeeded.
function tree.run(command)
  local pipe <close> = assert(io.popen("{ " .. command .. "\n} 2>&1"))
  local output = pipe:read "a"
  local ok = pipe:close()
  return output, ok == true
end

--- Run a shell command on its own terminal and give what it wrote; nil where the system has no
--- pseudo-terminals (a bare chroot, say): then the spec that needs one is pending.
function tree.run_on_terminal(command)
  local _, has_terminals = tree.run "script -qec true /dev/null </dev/null"
  if not has_terminals then return nil end
  return (tree.run(("script -qec %s /dev/null </dev/null"):format(tree.quote(command))))
end

--- Give the lines of a command that must succeed.
function tree.lines(command)
  local output, ok = tree.run(command)
  if not ok then error(command .. ": " .. output, 2) end
  local lines = {}
  for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines
end

--- Give the files under `folder` whose names match a shell pattern, sorted.
function tree.find(folder, pattern)
  return tree.lines(("find %s -type f -name %s | LC_ALL=C sort"):format(
    tree.quote(folder), tree.quote(pattern)))
end

--- Give the project's text files: git's, with the new ones; without git, all but build/.
function tree.texts()
  local found = tree.lines [[
    git ls-files --cached --others --exclude-standard 2>/dev/null ||
    find . \( -path ./build -o -path ./.git \) -prune -o -type f -print | sed 's|^\./||']]
  local texts = {}
  for _, path in ipairs(found) do
    local file = io.open(path, "rb") -- a deleted file is still in git's index
    if file then
      local start = file:read(8000) or ""
      file:close()
      if not start:find("\0", 1, true) then texts[#texts + 1] = path end
    end
  end
  return texts
end

function tree.read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

function tree.write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
end

--- Make an empty folder outside the project; the caller removes it.
function tree.temporary()
  return tree.lines("mktemp -d")[1]
end

function tree.remove(folder)
  tree.lines("rm -rf " .. tree.quote(folder))
end

--- Name the build folder of the core that is under test.
function tree.build()
  local core = assert(package.searchpath("googlemeet.core", package.cpath))
  return core:match "^(.*)/googlemeet/[^/]*$"
end

--- Name the interpreter that specs start: the one that runs them.
function tree.lua()
  return tree.quote(os.getenv "LUA" or "lua5.4")
end

return tree
