-- Starts busted in this interpreter: the `busted` command of a distribution
-- may start another Lua. Use: lua5.4 spec/support/run.lua [busted's arguments]
require "busted.runner" { standalone = false }
