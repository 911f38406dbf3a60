--- The messages of Drive and Docs, as far as the fake has them, for masks of fields.

local message = require "googlemeet.testing.message"

local messages = {}

messages.File = message [[
  kind id name mimeType resourceKey size sha256Checksum md5Checksum headRevisionId modifiedTime
  createdTime trashed shortcutDetails:FileShortcutDetails capabilities:FileCapabilities
]]
messages.FileShortcutDetails = message "targetId targetMimeType targetResourceKey"
messages.FileCapabilities = message "canDownload"

messages.Document = message [[
  documentId title revisionId suggestionsViewMode commentsViewMode body:Body lists tabs:Tab
]]
messages.Tab = message "tabProperties:TabProperties childTabs:Tab documentTab:DocumentTab"
messages.TabProperties = message "tabId title index parentTabId nestingLevel iconEmoji"
messages.DocumentTab = message "body:Body lists"
messages.Body = message "content:StructuralElement"
messages.StructuralElement = message [[
  startIndex endIndex paragraph:Paragraph sectionBreak table:Table tableOfContents:TableOfContents
]]
messages.Paragraph = message [[
  elements:ParagraphElement paragraphStyle:ParagraphStyle bullet:Bullet
]]
messages.ParagraphStyle = message "namedStyleType headingId direction"
messages.Bullet = message "listId nestingLevel textStyle"
messages.ParagraphElement = message [[
  startIndex endIndex textRun:TextRun autoText columnBreak dateElement dropdown equation
  footnoteReference horizontalRule inlineObjectElement pageBreak person richLink
]]
messages.TextRun = message "content textStyle"
messages.Table = message "rows columns tableRows:TableRow tableStyle"
messages.TableRow = message "startIndex endIndex tableCells:TableCell tableRowStyle"
messages.TableCell = message "startIndex endIndex content:StructuralElement tableCellStyle"
messages.TableOfContents = message "content:StructuralElement"

return messages
