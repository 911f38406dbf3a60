local roff = require "googlemeet.command.roff"

describe("googlemeet.command.roff", function()
  it("escapes what roff would read", function()
    assert.equal("\\-\\-json prints a \\en\n\\&.SH is no request\n\\(aqnor this",
      roff.escape "--json prints a \\n\n.SH is no request\n'nor this")
    assert.equal("\\&.", roff.escape ".")
    assert.equal("a.b \\(aqc\\(aq \\(ga\\(ha\\(ti", roff.escape "a.b 'c' `^~")
  end)

  it("breaks paragraphs between words", function()
    assert.equal("a b", roff.fill " a\nb ")
    assert.equal(("x"):rep(72) .. "\ny", roff.fill(("x"):rep(72) .. " y"))
    assert.equal(("x"):rep(70) .. " y\nz", roff.fill(("x"):rep(70) .. " y z"))
    assert.equal(("x"):rep(72) .. "\n\\(aqy\\(aq", roff.fill(("x"):rep(72) .. " 'y'"))
  end)

  it("shows lines with a margin as they are", function()
    assert.equal(".PP\nOne.\n.PP\nTwo:\n.nf\n  a   b\n    c\n.fi\n.PP\n.nf\n  d\n.fi\n",
      roff.prose "One.\n\nTwo:\n  a   b\n    c\n\n  d\n")
  end)
end)
