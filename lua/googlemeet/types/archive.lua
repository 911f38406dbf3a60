---@meta _

---@class googlemeet.archive
local Archive = {}

--- Open an SQLite database as a store; it is created if it does not exist, for its owner alone.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error err of kind `config`: no module luasql.sqlite3, not an archive, or it
---  cannot be read
function Archive.sqlite(path) end

--- Open a directory as a store; it is created if it does not exist. Its files are for their owner
--- alone.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error err of kind `config`
function Archive.directory(path) end

--- Make a function for `on_progress` that redraws one terminal line. It does nothing when the stream
-- is a pipe or a file.
---@param stream? file* default: io.stderr
---@return fun(at: googlemeet.ArchiveProgress)
function Archive.progress(stream) end

---@class googlemeet.ArchiveOptions
---@field since? googlemeet.When only conferences that began then or later
---@field files? boolean|"again" `true`: also copy the texts of documents, and recordings; `"again"`: also request files that were unavailable before
---@field on_progress? fun(at: googlemeet.ArchiveProgress) called after each conference; with `files` also during a recording and after each file
---@field settle_after? number default: 21600; seconds after the end in which artifacts can still appear
---@field now? googlemeet.When default: `os.time()`; current time for `settle_after`

---@class googlemeet.ArchiveCounts
---@field participants integer
---@field participant_sessions integer
---@field recordings integer
---@field transcripts integer
---@field transcript_entries integer
---@field smart_notes integer

---@class googlemeet.ArchiveSummary: googlemeet.ArchiveCounts
---@field records integer conferences that were copied
---@field skipped integer conferences that were complete before the run
---@field due integer copied conferences that are not complete yet
---@field gone string[] names of conferences that the server no longer has
---@field failed { name: string, file?: string, err: googlemeet.Error }[] conferences and files that could not be read or stored completely; `file` is the artifact; the next run tries again
---@field files? integer files that were copied; this and the next three fields with the option `files` only
---@field bytes? integer of these files
---@field files_due? integer files that the next run tries again
---@field unavailable? { name: string, err: googlemeet.Error }[] artifacts whose files cannot be downloaded

---@class googlemeet.ArchiveProgress
---@field done integer
---@field total integer
---@field record string name of the conference record
---@field state "complete"|"due"|"gone"|"failed"
---@field counts googlemeet.ArchiveCounts resources by service, as in the summary
---@field file? string name of the artifact whose file is being copied
---@field bytes? integer of this file so far
---@field size? integer total bytes of this file

---@class googlemeet.ArchiveEntry
---@field name string of the conference record
---@field start_time? string RFC 3339
---@field end_time? string nil while it runs
---@field expire_time? string when the server deletes it
---@field state "complete"|"due"|"gone" `due`: the next run copies it again; `gone`: the server deleted it before it was complete
---@field counts googlemeet.ArchiveCounts resources by service, as in the summary
---@field bytes? integer size of its file; in a directory

--- What an archive has of a recording's file, or of the text of a transcript's document or of a
--- smart note.
---@class googlemeet.ArchiveFile
---@field name string of the recording, transcript or smart note
---@field file? string id in Drive
---@field state "complete"|"due"|"unavailable" `due`: the next run tries again; `unavailable`: it cannot be downloaded; only `files = "again"` tries again
---@field kind? googlemeet.Kind why the file is not complete, such as `not_found` or `permission`
---@field message? string why the file is not complete, in words
---@field bytes? integer its size
---@field text? string of a document
---@field format? string of a document: `"text"`
---@field path? string of a recording: where the file is
---@field sha256? string of a recording: the checksum in Drive

---@class googlemeet.ArchiveSearchOptions
---@field limit? integer default: 20; maximum number of results
---@field record? googlemeet.ConferenceRecord|string search only this conference
---@field speaker? string search only what this person said: a display name, compared as in reports

--- A transcript entry or a smart note that contains all words.
---@class googlemeet.ArchiveHit
---@field record string name of the conference record
---@field name string of the transcript entry or the smart note
---@field kind "entry"|"note"
---@field speaker? string display name; a note has none
---@field time? string RFC 3339: when it was said, or when the note began
---@field text? string of a transcript entry
---@field snippet string the words in their context, in one line, with `…` where text is cut

--- The lock of a run on a store. It ends with the process at the latest.
---@class googlemeet.ArchiveLock
local ArchiveLock = {}

--- Release the lock, as `<close>` does. A second call does nothing.
function ArchiveLock:close() end

--- A store of conferences: any table with `manifest` and `put`; the other methods may be missing. The
--- option `files` needs `read`, `files`, `put_files` and `folder`.
---@class googlemeet.ArchiveStore
local ArchiveStore = {}

--- Return the manifest entries of all stored conferences, the next to expire first. A conference
--- that does not match its checksum is `due`: in a directory always, in a database under a lock.
---@return googlemeet.ArchiveEntry[]?
---@return googlemeet.Error err
function ArchiveStore:manifest() end

--- Return the stored resources of a conference by service; nil if none can be read.
---@param name string
---@return table<string, table[]>?
function ArchiveStore:read(name) end

--- Lock the store against other runs, even of this process. `meet.archive` does this.
---@return googlemeet.ArchiveLock? lock
---@return googlemeet.Error err of kind `conflict`: another run has the store
function ArchiveStore:lock() end

--- Store a manifest entry and, if `found` is given, replace all resources of the conference: both
-- or neither.
---@param entry googlemeet.ArchiveEntry
---@param found? table<string, table[]> resources by service; `conference_records` has the record
---@return true?
---@return googlemeet.Error err of kind `decode`, `invalid` or `too_large`: of this conference alone
function ArchiveStore:put(entry, found) end

--- Return the files of a conference: a row for each recording, transcript and smart note that had a
--- file in a run with `files`. A recording that is missing or has a wrong size is `due`.
---@param name string of the conference record
---@return googlemeet.ArchiveFile[]?
---@return googlemeet.Error err
function ArchiveStore:files(name) end

--- Replace the rows of a conference: all or none.
---@param name string of the conference record
---@param rows googlemeet.ArchiveFile[]
---@return true?
---@return googlemeet.Error err
function ArchiveStore:put_files(name, rows) end

--- Return the path of the folder of recordings; it is created if it does not exist.
---@return string? path
---@return googlemeet.Error err
function ArchiveStore:folder() end

--- Find transcript entries and copied texts of notes that contain all words, in any order. Case and
--- accents of Latin letters do not matter; `words` has no query syntax. The first search of an
--- archive builds an index in it.
---@param words string
---@param opts? googlemeet.ArchiveSearchOptions
---@return googlemeet.ArchiveHit[]? hits the best first
---@return googlemeet.Error err of kind `config`: the store is a directory, SQLite lacks FTS5, or it
---  cannot write the index; `conflict`: another program holds the database; `invalid`: more than
---  1000 different words
function ArchiveStore:search(words, opts) end

--- Close the store; may be repeated.
---@return true
function ArchiveStore:close() end
