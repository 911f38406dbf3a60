local prose = require "googlemeet.report.transcript.prose"

local CUES = {
  { from = 999, to = 2000, speaker = "Ada", text = "Good morning, shall we start?" },
  { from = 3723000, to = 3724000, speaker = "*Bo*", text = "# 1. <b>_no_</b>" },
}

describe("googlemeet.report.transcript.prose.text", function()
  it("writes time, speaker and text, further lines indented", function()
    assert.equal([[
00:00:00  Ada: Good morning,
          shall we start?
01:02:03  *Bo*: # 1.
          <b>_no_</b>
]], prose.text(CUES, 30))
  end)

  it("is empty when nobody spoke", function()
    assert.equal("", prose.text({}, 80))
  end)
end)

describe("googlemeet.report.transcript.prose.markdown", function()
  it("writes paragraphs, and escapes the speakers' markup", function()
    assert.equal([[
**Ada** (00:00:00): Good morning, shall we start?

**\*Bo\*** (01:02:03): \# 1. &lt;b&gt;\_no\_&lt;/b&gt;
]], prose.markdown(CUES))
  end)

  it("is empty when nobody spoke", function()
    assert.equal("", prose.markdown {})
  end)
end)
