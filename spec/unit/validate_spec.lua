local meet = require "googlemeet"
local validate = require "googlemeet.validate"

describe("the name of a resource that a server has sent", function()
  it("has to be whole: an id or a link names another one", function()
    for _, name in ipairs { "1", "spaces/1", "conferenceRecords/", "conferenceRecords/1/x",
      "https://meet.googleapis.com/v2/conferenceRecords/1" } do
      local resource, err = validate.resource({ name = name }, "conferenceRecords/*")
      assert.is_nil(resource, name)
      assert.equal("decode", err.kind)
    end
    local record = { name = "conferenceRecords/1" }
    assert.equal(record, validate.resource(record, "conferenceRecords/*"))
  end)

  it("is an error of a report and raises nothing", function()
    local client <close> = assert(meet.new {
      api_key = "k", rate = false, retry = false, transport = function(request)
        local body = request.url:find "/transcripts" and '{"transcripts":[{"name":"t"}]}'
          or '{"name":"1"}'
        return { status = 200, body = body }
      end,
    })
    local record = assert(client.conference_records:get "1")
    for _, method in ipairs { "transcript", "attendance" } do
      local report, err = record[method](record)
      assert.is_nil(report)
      assert.equal("decode", err.kind)
    end
  end)
end)
