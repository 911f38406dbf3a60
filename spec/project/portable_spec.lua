-- What a system may lack is used in one file, which has another way beside it or says why it needs
-- none. PORTABLE=1 builds that way here.

local compiled = require "spec.support.compiled"
local tree = require "spec.support.tree"

--- Names that are not everybody's, with the files that may use them.
local WHERE = {
  __APPLE__ = "unique.c", -- declares getentropy elsewhere
  __linux__ = "flood.h",
  MEET_PORTABLE = "flood.h sockets.c",
  POLLRDHUP = "sockets.c",
  RTLD_NOLOAD = "stay.c", -- it and dladdr: not POSIX, but every system has them
  SOCK_CLOEXEC = "sockets.c",
  TCP_INFO = "flood.c",
  _GNU_SOURCE = "sockets.c stay.c",
  dladdr = "stay.c",
  getentropy = "unique.c",
  CLOCK_BOOTTIME = "clock.c", -- where it is defined
  ["linux/"] = "flood.c",
}

--- What Linux or glibc has, and no file needs.
local NOWHERE = [[/proc malloc.h malloc_usable_size explicit_bzero memrchr memmem mempcpy strchrnul
  getrandom secure_getenv qsort_r asprintf vasprintf accept4 pipe2 ppoll epoll_ eventfd signalfd
  timerfd inotify renameat2 copy_file_range sendfile O_TMPFILE O_PATH
  CLOCK_MONOTONIC_RAW MSG_NOSIGNAL SO_PEERCRED dl_iterate_phdr program_invocation gettid
  sched_setaffinity sched_getaffinity sched_getcpu
  syscall prctl canonicalize_file_name fopencookie TEMP_FAILURE_RETRY __GLIBC__]]

--- Give the files of src/ that have a name in them, in one line.
local function files_with(name)
  local found = {}
  for _, path in ipairs(tree.find("src", "*.[ch]")) do
    local text = tree.read(path):gsub("/%*.-%*/", "") -- comments may name it
    if text:find((name:find "^%w" and "%f[%w_]" or "") .. name:gsub("%p", "%%%0")) then
      found[#found + 1] = path:match "[^/]+$"
    end
  end
  return table.concat(found, " ")
end

describe("what one system has and others lack", function()
  for name, files in pairs(WHERE) do
    it("is in its file only: " .. name, function()
      assert.equal(files, files_with(name))
    end)
  end

  it("is not used otherwise", function()
    for name in NOWHERE:gmatch "%S+" do assert.equal("", files_with(name), name) end
  end)
end)

it("a portable build takes POSIX's functions, and getentropy", function()
  local output = tree.run(([[LC_ALL=C ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -DMEET_PORTABLE \
    -Wall -fsyntax-only %s src/*.c]]):format(compiled.lua_flags()))
  local names = {}
  for line in output:gmatch "[^\n]+" do
    if line:find "error:" or line:find "warning:" then
      names[#names + 1] = line:match "'(%w+)'" or line
    end
  end
  assert.same({ "getentropy" }, names, output)
end)
