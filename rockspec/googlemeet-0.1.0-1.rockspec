rockspec_format = "3.0"
package = "googlemeet"
version = "0.1.0-1"
source = {
  -- Stands in until there is a public address; `luarocks make` and a packed
  -- rock do not read it.
  url = "git+https://example.org/googlemeet.git",
  tag = "v0.1.0",
}
description = {
  summary = "The Google Meet REST API behind the Maton gateway",
  detailed = [[
    Makes meeting links, lists who came to a conference, reads transcripts:
    all operations of the Google Meet REST API v2, through the Maton gateway,
    which holds the OAuth connection. A C core on libcurl with a Lua face.]],
  license = "MIT",
  labels = { "google", "meet", "http", "api" },
}
dependencies = {
  "lua >= 5.4, < 5.5",
  "lua-cjson >= 2.1.0",
}
external_dependencies = {
  -- No `header`: LuaRocks looks for it in include/ only, Debian keeps it in
  -- include/<architecture>/, where the compiler finds it by itself.
  CURL = { library = "curl" },
}
build = {
  type = "builtin",
  modules = {
    ["googlemeet.core"] = {
      sources = {
        "src/auth.c",
        "src/buffer.c",
        "src/certificates.c",
        "src/client.c",
        "src/clock.c",
        "src/date.c",
        "src/dispatch.c",
        "src/engine.c",
        "src/error.c",
        "src/gate.c",
        "src/headers.c",
        "src/job.c",
        "src/lane.c",
        "src/lua_answer.c",
        "src/lua_client.c",
        "src/lua_clock.c",
        "src/lua_core.c",
        "src/lua_credentials.c",
        "src/lua_encode.c",
        "src/lua_error.c",
        "src/lua_event.c",
        "src/lua_exchange.c",
        "src/lua_json.c",
        "src/lua_name.c",
        "src/lua_options.c",
        "src/lua_page.c",
        "src/lua_pager.c",
        "src/lua_request.c",
        "src/lua_resource.c",
        "src/lua_runtime.c",
        "src/lua_service.c",
        "src/lua_settings.c",
        "src/lua_task.c",
        "src/lua_transport.c",
        "src/lua_wait.c",
        "src/name.c",
        "src/operation.c",
        "src/outcome.c",
        "src/pager.c",
        "src/pool.c",
        "src/random.c",
        "src/refusal.c",
        "src/request.c",
        "src/response.c",
        "src/scan.c",
        "src/sockets.c",
        "src/transfer.c",
        "src/url.c",
        "src/window.c",
      },
      libraries = { "curl" },
      incdirs = { "$(CURL_INCDIR)" },
      libdirs = { "$(CURL_LIBDIR)" },
    },
    ["googlemeet"] = "lua/googlemeet/init.lua",
    ["googlemeet.connections"] = "lua/googlemeet/connections.lua",
    ["googlemeet.mask"] = "lua/googlemeet/mask.lua",
    ["googlemeet.name"] = "lua/googlemeet/name.lua",
    ["googlemeet.options"] = "lua/googlemeet/options.lua",
    ["googlemeet.resources"] = "lua/googlemeet/resources.lua",
    ["googlemeet.scheduler"] = "lua/googlemeet/scheduler.lua",
    ["googlemeet.sequence"] = "lua/googlemeet/sequence.lua",
    ["googlemeet.services"] = "lua/googlemeet/services.lua",
    ["googlemeet.tasks"] = "lua/googlemeet/tasks.lua",
    ["googlemeet.testing"] = "lua/googlemeet/testing/init.lua",
    ["googlemeet.testing.address"] = "lua/googlemeet/testing/address.lua",
    ["googlemeet.testing.build"] = "lua/googlemeet/testing/build.lua",
    ["googlemeet.testing.checked"] = "lua/googlemeet/testing/checked.lua",
    ["googlemeet.testing.collection"] = "lua/googlemeet/testing/collection.lua",
    ["googlemeet.testing.connections"] = "lua/googlemeet/testing/connections.lua",
    ["googlemeet.testing.errors"] = "lua/googlemeet/testing/errors.lua",
    ["googlemeet.testing.faults"] = "lua/googlemeet/testing/faults.lua",
    ["googlemeet.testing.fields"] = "lua/googlemeet/testing/fields.lua",
    ["googlemeet.testing.filter"] = "lua/googlemeet/testing/filter.lua",
    ["googlemeet.testing.front"] = "lua/googlemeet/testing/front.lua",
    ["googlemeet.testing.google"] = "lua/googlemeet/testing/google.lua",
    ["googlemeet.testing.json"] = "lua/googlemeet/testing/json.lua",
    ["googlemeet.testing.limits"] = "lua/googlemeet/testing/limits.lua",
    ["googlemeet.testing.lists"] = "lua/googlemeet/testing/lists.lua",
    ["googlemeet.testing.mask"] = "lua/googlemeet/testing/mask.lua",
    ["googlemeet.testing.members"] = "lua/googlemeet/testing/members.lua",
    ["googlemeet.testing.operations"] = "lua/googlemeet/testing/operations.lua",
    ["googlemeet.testing.organisation"] = "lua/googlemeet/testing/organisation.lua",
    ["googlemeet.testing.page"] = "lua/googlemeet/testing/page.lua",
    ["googlemeet.testing.random"] = "lua/googlemeet/testing/random.lua",
    ["googlemeet.testing.schema"] = "lua/googlemeet/testing/schema.lua",
    ["googlemeet.testing.seed"] = "lua/googlemeet/testing/seed.lua",
    ["googlemeet.testing.seed_people"] = "lua/googlemeet/testing/seed_people.lua",
    ["googlemeet.testing.seed_speech"] = "lua/googlemeet/testing/seed_speech.lua",
    ["googlemeet.testing.spaces"] = "lua/googlemeet/testing/spaces.lua",
    ["googlemeet.time"] = "lua/googlemeet/time.lua",
    ["googlemeet.types"] = "lua/googlemeet/types.lua",
  },
  -- "builtin" takes no linker flags, but a libdir is also given to the linker as
  -- -Wl,-rpath,DIR; behind the comma goes `-z nodelete`, without which a resolver
  -- thread of libcurl may outlive the code it runs. -fvisibility=hidden has no
  -- such way in: a rock's core exports its meet_* functions, which is harmless.
  platforms = {
    linux = {
      modules = {
        ["googlemeet.core"] = {
          libdirs = { "$(CURL_LIBDIR)", "$(CURL_LIBDIR),-z,nodelete" },
        },
      },
    },
  },
}
