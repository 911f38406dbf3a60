-- The support code that layering_spec asks who uses whom.

local sources = require "spec.support.sources"

describe("sources.circle", function()
  it("finds none where two ways lead to one node", function()
    assert.is_nil(sources.circle { top = { left = true, right = true }, left = { leaf = true },
      right = { leaf = true } })
  end)

  it("names the circle without the way that leads to it", function()
    assert.equal("b -> c -> b",
      sources.circle { a = { b = true }, b = { c = true }, c = { b = true, d = true } })
  end)

  it("names a circle of any length", function()
    assert.equal("client -> exchange -> task -> client", sources.circle {
      task = { client = true }, exchange = { task = true }, client = { exchange = true } })
  end)
end)

describe("sources.includes", function()
  it("takes a .c and its .h for one node, and each kind of header", function()
    assert.same({ url = { buffer = true, ["<curl>"] = true }, buffer = {} }, sources.includes {
      ["src/url.c"] = '#include "url.h"\n\n#include <curl/curl.h>\n#include <string.h>\n',
      ["src/url.h"] = '#pragma once\n#include "buffer.h"\n',
      ["src/buffer.h"] = "#include <stddef.h>\n",
    })
  end)

  it("shows a circle that no single header closes", function()
    assert.equal("lua_client -> lua_exchange -> lua_client", sources.circle(sources.includes {
      ["src/lua_client.c"] = '#include "lua_client.h"\n#include "lua_exchange.h"\n',
      ["src/lua_client.h"] = "", ["src/lua_exchange.c"] = "",
      ["src/lua_exchange.h"] = '#include "lua_client.h"\n',
    }))
  end)
end)

describe("sources.calls", function()
  local LISTING = "build/obj/pool.o: idle t 0 28\n" .. "build/obj/pool.o: meet_pool_take T 0 28\n"
    .. "build/obj/pool.o: malloc U         \n" .. "build/obj/pool.o: meet_transfer_new U         \n"
    .. "build/obj/transfer.o: meet_transfer_new T 40 1f\nbuild/obj/transfer.o: idle t 0 8\n"

  it("goes from an undefined symbol to the object that defines it", function()
    assert.same({ pool = { transfer = true }, transfer = {} }, sources.calls(LISTING))
  end)

  it("shows a circle that a declaration without a header makes", function()
    assert.equal("pool -> transfer -> pool", sources.circle(sources.calls(LISTING
      .. "build/obj/transfer.o: meet_pool_take U         \n")))
  end)
end)
