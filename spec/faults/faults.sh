#!/bin/sh
# faults.sh [PATTERN]: breaks the sources on purpose, one place at a time, in a copy of the tree, and
# names the gate that noticed. A fault that lives is a failure, and so is one whose sed script finds
# nothing. With a pattern, only the faults whose names have it.
#
# The gates, cheapest first: build (warnings are errors), lint, C tests, specs, failing allocations,
# C tests and specs under AddressSanitizer. A fault may name some that are asked before all others,
# or no run would end; the table says so: x_test, x_spec, oom:SCENARIO, asan:x_test, asan:x_spec.
# Each of them has passed without a fault first.
# Run by `make faults`, which has built what is copied and exports LUA_PATH and ASAN_FLAGS.
set -u
. spec/support/broken.sh
tree=$folder/tree
sources=$tree/src
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
export OOM_STEP=7

mkdir -p "$tree/build/asan"
cp -a Makefile .clang-format .busted .luacheckrc examples lua src spec "$tree"
for build in build build/asan; do
    (cd "$build" && cp -a flags obj googlemeet c sim ./*.a "$tree/$build")
done
cp -a build/strict "$tree/build"
cp -a build/asan/lua build/asan/drive "$tree/build/asan"
cd "$tree" || exit 1

# quiet COMMAND: its output in a file; a hang ends, as a failure.
quiet() {
    timeout $patience "$@" >"$folder/log" 2>&1
    status=$?
    return $status
}

in_asan() { quiet make BUILD=build/asan CFLAGS="$ASAN_FLAGS" "$@"; }

run_specs() { SPECS="--no-keep-going $*" quiet spec/support/run.sh; }

specs_in_asan() { in_asan sanitized C_TESTS="$1" SIMULATOR= SPECS="--no-keep-going $2"; }

spec_file() { find spec/core spec/hostile spec/unit -name "$1.lua" 2>/dev/null; }

# passes GATE
passes() {
    case $1 in
    lint) quiet make lint ;;
    c-tests) quiet make c-tests WERROR=-Werror && each_c_test build ;;
    specs) run_specs "$all_specs" ;;
    oom) in_asan starved ;;
    asan) specs_in_asan "$all_tests" "$all_specs" ;;
    oom:*) in_asan starved OOM_STEP=1 SCENARIOS="${1#oom:}" ;;
    asan:*_test) in_asan "build/asan/c/${1#asan:}" && quiet "build/asan/c/${1#asan:}" ;;
    asan:*) specs_in_asan "" "$(spec_file "${1#asan:}")" ;;
    *_test) quiet make "build/c/$1" WERROR=-Werror && quiet "build/c/$1" ;;
    *) run_specs "$(spec_file "$1")" ;;
    esac
}

each_c_test() {
    for test in "$1"/c/*_test "$1/sim/simulate"; do
        quiet "$test" || return
    done
}

# What went wrong, in a few words: a spec's name, or a line, or how it ended.
reason() {
    words=$(sed -nE '/^(Failure|Error) [^ ]+ spec/ { s/^[^ ]+ [^ ]+ ([^ ]+) @.*/\1/; N; s/\n/: /; p; q }' \
        "$folder/log")
    words=${words:-$(grep -hoE -m 1 "$telling" "$folder/log" | sed "s|$folder/tree/||g")}
    case $status in 124) words="no end within $patience s" ;; esac
    echo "${words:-status $status}" | cut -c 1-120
}

telling='SUMMARY: .*|runtime error: .*|spec/c/[a-z_]+\.c:[0-9]+: .*|warning: .*|error: .*'
telling="$telling|act gave .*|wrong: .*|[1-9][0-9]* of [0-9]+ scenarios went wrong"

notices() { # file, gates to ask first
    [ "$warned" = no ] || { echo "build: $(reason)" && return; }
    patience=60
    for gate in ${2:-}; do
        passes "$gate" || { echo "$gate (asked first): $(reason)" && return; }
    done
    patience=1000
    for gate in lint c-tests specs oom asan; do
        passes "$gate" || { echo "$gate: $(reason)" && return; }
    done
    return 1
}

rebuild() {
    patience=60
    for build in build build/asan; do
        cp "$build/obj/$1.o" "$folder/$(basename $build).o"
    done
    clang-format -i "src/$1.c" # lint is not to stumble over its layout
    warned=no
    quiet make all WERROR=-Werror && return
    warned=yes
    grep -q 'Werror=' "$folder/log"
}

# The objects are newer than the source then, and older than what is linked from them next.
mend() {
    for build in build build/asan; do
        cp "$folder/$(basename $build).o" "$build/obj/$1.o"
    done
}

all_specs=$(find spec/core spec/hostile spec/unit -name '*_spec.lua' 2>/dev/null | sort | tr '\n' ' ')
all_tests=$(find spec/c -name '*_test.c' | sed 's|^spec/c/\(.*\)\.c$|build/asan/c/\1|' | tr '\n' ' ')

fault() { # file without .c, gates first, name, sed script
    case $3 in *"$wanted"*) ;; *) return ;; esac
    for gate in $2; do
        prove "$gate"
    done
    mutant "$3 ($1.c)" "$1" "$4" "$2"
}

# A gate that fails without a fault would catch them all.
prove() {
    case $proven in *" $1 "*) return ;; esac
    patience=60
    if ! quiet make all WERROR=-Werror || ! passes "$1"; then
        echo "without a fault fails $1: $(reason)"
        exit 1
    fi
    proven="$proven$1 "
}

proven=" "
prove lint

# -- bytes and numbers
fault url url_test "a control byte passes in a query" 's/has_control((struct part){value, length})/has_control((struct part){value, 0})/'
fault url url_test "port 65536 passes" 's/number <= MAX_PORT;/number <= MAX_PORT + 1;/'
fault url url_test "an encoded dot segment passes" "s/} else if (byte == '.') {/} else if (path.at[i] == '.') {/"
fault url url_test "plain http goes to any host" 's/!secure \&\& !is_loopback(host)/!secure \&\& !is_loopback(host) \&\& host.length < 4/'
fault url url_test "a query that does not fit stays in part" '/append_encoded(url, value, length, err)) {/,/}/s/cut(url, before);/cut(url, url->length);/'
fault headers headers_test "CR and LF pass in a field's value" 's/(byte < 0x20 \&\& /(byte < 0x0A \&\& /'
fault headers headers_test "an interim answer's fields stay" 's/headers, 0); .* of an interim/headers, headers->count); \/* of an interim/'
fault headers asan:headers_test "one field too many fits" 's/headers->count < headers->capacity/headers->count <= headers->capacity/'
fault headers freed_test "a field is freed unwiped" 's/    meet_buffer_wipe(&buffer);/    meet_buffer_deinit(\&buffer);/'
fault headers asan:headers_test "the list of fields is not freed" 's/    free(headers->fields);/    ;/'
fault date date_test "1900 is a leap year" 's/ \&\& year % 100 != 0//'
fault date date_test "a date that is over means a negative wait" 's/    if (seconds <= 0)/    if (seconds < -1e12)/'
fault name name_test "the id .. passes" "s/text\\[0\\] != '.' || (length > 1 \&\& memcmp(text, \"..\", 2) != 0)/text[0] != '.' || length > 1/"
fault name name_test "an id one byte too long passes" 's/length > LONGEST_ID/length > LONGEST_ID + 1/'
fault name name_test "a space's code keeps its capitals" 's/(is_letter(id\[i\]) ? 0x20 : 0)/0/'
fault scan scan_test "the last bytes are not looked at" 's/at = length - WIDTH;/at = length - 2 * WIDTH;/'
fault scan asan:scan_test "a byte before the text is read" 's/at < length \&\& at < 2/at < length \&\& at < 1/'
fault response response_test "Retry-After counts whatever the status" 's/    if (response->status != 429 \&\& response->status != 503)/    if (response->status == 0)/'
fault response response_test "a body has no limit" 's/meet_buffer_init(&response->body, max_bytes);/meet_buffer_init(\&response->body, max_bytes * 1024);/'
fault refusal refusal_test "any body's status is Google's" 's/scan->depth == 2 \&\& scan->in_error \&\& equals(name, "status")/equals(name, "status")/'
fault request request_test "PATCH passes for a read" 's/return strcmp(request->verb, "GET") == 0;/return strcmp(request->verb, "GET") == 0 || strcmp(request->verb, "PATCH") == 0;/'
fault auth auth_test "a blank passes in a key" "s/value\\[i\\] <= ' '/value[i] < ' '/"
fault auth auth_test "a key that a text ends within shows" 's/left >= SHORTEST_REDACTED; left--/left >= size; left--/'
fault auth errors_spec "a consent page's token shows" 's/    redact_tokens(text, length);/    redact_tokens(text, 0);/'
fault auth freed_test "the Authorization field's value is freed unwiped" 's/    meet_buffer_wipe(&value);/    meet_buffer_deinit(\&value);/'
fault buffer buffer_test "one byte over the limit passes" 's/length > buffer->limit - buffer->length/length > buffer->limit + 1 - buffer->length/'
fault buffer freed_test "what a buffer outgrew is freed unwiped" 's/        overwrite(buffer->bytes, buffer->capacity);$/        overwrite(buffer->bytes, 0);/'
fault buffer freed_test "a wipe stops at the length" '/^void meet_buffer_wipe/,/^}/s/overwrite(buffer->bytes, buffer->capacity);/overwrite(buffer->bytes, buffer->length);/'
fault buffer buffer_test "a large buffer is kept for ever" 's/buffer->capacity > most/buffer->capacity < most/'
fault buffer buffer_test "no memory is not seen" 's/    if (!bytes) {/    if (capacity == 0) {/'
fault pager pager_test "a page token is not compared" 's/return length > 0 \&\& (equals/return length > 65536 \&\& (equals/'
fault pager pager_test "a cycle of two tokens is not seen" 's/equals(&pager->mark, token, length)/equals(\&pager->token, token, length)/'
fault pager pager_test "an empty page ends the list" 's/pager->ended = token_length == 0;/pager->ended = token_length == 0 || count == 0;/'
fault pager pager_test "a page gives one item over the limit" 's/rest = (size_t)pager->limit;/rest = (size_t)pager->limit + 1;/'
fault pager pager_test "a list that was left resumes past its page" 's/pager->taken < pager->count) { .*/pager->taken > pager->count) {/'
fault pager asan:pager_test "the mark is not freed" '/^void meet_pager_deinit/,/^}/s/meet_buffer_deinit(&pager->mark);/;/'
fault certificates certificates_test "any folder passes for hashed" "s/return name\\[8\\] == '.'/return name[8] != '.'/"

# -- libcurl
fault sockets sockets_test "a program inherits sockets" 's/type | SOCK_CLOEXEC/type/'
fault sockets sockets_test "a socket is not closed" 's/return close(fd);/return fd < 0;/'
fault sockets sockets_test "a forked child closes another's file" 's/ \&\& seen.st_dev == one->device \&\&$/ \&\&/; s/seen.st_ino == one->inode)/seen.st_ino != 0)/'
fault pool asan:transfer_spec "kept handles are not freed" '/^void meet_pool_deinit/,/^}/s/meet_transfer_free(transfer);/;/'
fault fields asan:fields_test "no room for the fourth field" 's/MOST_ADDED = 4/MOST_ADDED = 3/'
fault fields oom:get "no memory for the fields is not seen" 's/    if (!nodes)/    if (count == 0)/'
fault code transfer_spec "a timeout is told as transport" 's/{CURLE_OPERATION_TIMEDOUT, MEET_TIMEOUT/{CURLE_OPERATION_TIMEDOUT, MEET_TRANSPORT/'
fault code transfer_spec "a short body is told as tls" 's/{CURLE_PARTIAL_FILE, MEET_DECODE/{CURLE_PARTIAL_FILE, MEET_TLS/'
fault code transfer_spec "a bad certificate is tried again" 's/{CURLE_PEER_FAILED_VERIFICATION, MEET_TLS, true}/{CURLE_PEER_FAILED_VERIFICATION, MEET_TLS, false}/'
fault library secrets_spec "what libcurl frees is left as it was" 's/malloc, meet_memory_free,/malloc, free,/'
fault memory freed_test "what is freed is overwritten in part" 's/malloc_usable_size(memory));$/8);/'
fault memory freed_test "what moves is left behind" 's/^    meet_memory_free(memory);/    free(memory);/'
fault trace trace_test "the key is traced" 's/key_of(request));/key_of(NULL));/'
fault trace trace_test "the rest of a head is traced" '/^static bool begins_request/,/^}/s/bytes\[verb\] == . . &&/bytes[verb] \&\&/;s/memcmp(bytes, request->verb, verb) == 0/bytes[0] != 1/'
fault transfer transfer_spec "certificates are not verified" 's/CURLOPT_SSL_VERIFYPEER, 1L/CURLOPT_SSL_VERIFYPEER, 0L/'
fault transfer transfer_spec "a certificate's name is not verified" 's/CURLOPT_SSL_VERIFYHOST, 2L/CURLOPT_SSL_VERIFYHOST, 0L/'
fault transfer transfer_spec "a redirect is followed" 's/CURLOPT_FOLLOWLOCATION, 0L/CURLOPT_FOLLOWLOCATION, 1L/'
fault transfer transfer_spec "libcurl may send a request again" 's/    if (transfer->sends > 0)/    if (transfer->sends > 1000)/'
fault outcome transfer_spec "an attempt that was sent passes for unsent" 's/outcome->sent = transfer->sends > 0;/outcome->sent = transfer->sends > 1;/'
fault outcome transfer_spec "what is too large is asked for again" 's/    if (transfer->stopped.kind != MEET_TRANSPORT)/    if (transfer->stopped.kind == MEET_OK)/'
fault transfer tls_spec "TLS 1.1 passes" 's/CURL_SSLVERSION_TLSv1_2/CURL_SSLVERSION_TLSv1_0/'
fault outcome http1_spec "a head without an end passes" 's/code == CURLE_OK \&\& transfer->in_head/code == CURLE_RECV_ERROR \&\& transfer->in_head/'
fault outcome http1_spec "a long line of a head is told as memory" 's/    if (is_long_line(transfer, code))/    if (is_long_line(transfer, code) \&\& code == CURLE_OK)/'
fault sockets http1_spec "an answer from before the request is taken for its own" 's/recv(one->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0/recv(one->fd, \&byte, 1, MSG_PEEK | MSG_DONTWAIT) > 1/'
fault sockets http2_spec "a socket that fell silent is used again" 's/one \&\& one->heard < since/one \&\& one->heard < since - 1e9/'
fault transfer oom:get "no memory for a handle is not seen" '/^struct meet_transfer \*meet_transfer_new/,/^}/s/    if (!transfer)/    if (!sockets)/'
fault transfer transfer_spec "an option that libcurl refuses is not seen" 's/    if (transfer->failed == CURLE_OK)/    if (code == CURLE_UNKNOWN_OPTION)/'
fault transfer asan:transfer_spec "a handle's fields are not freed" '/^void meet_transfer_free/,/^}/s/    meet_fields_deinit(&transfer->fields);/    ;/'
fault transfer proxy_spec "the option proxy is not heard" 's/    if (network->proxy)/    if (!network->proxy)/'
fault engine transfer_spec "the last close leaves its sockets" '/^void meet_engine_close_idle/,/^}/s/curl_multi_cleanup(engine->multi);/;/; /^void meet_engine_close_idle/,/^}/s/engine->multi = NULL;/;/'
fault engine tasks_spec "closing a client cancels its siblings' calls" '/^void meet_engine_cancel_all/,/^}/s/job->stats != stats/stats == NULL/'
fault engine fork_spec "a child uses its parent's sockets" 's/    if (!meet_sockets_inherited(&engine->sockets))/    if (engine)/'
fault engine transfer_spec "an attempt goes on past the deadline" 's/fmin(job->request.timeout, fmax(left, 0.001))/fmax(job->request.timeout, left * 0)/'
fault client secrets_spec "a closed client keeps its key" '/^void meet_client_close/,/^}/s/    if (key)/    if (key \&\& client->settings.timeout < 0)/'
fault client freed_test "a key that was replaced is freed unwiped" '/^static void wipe_string/,/^}/s/    explicit_bzero(bytes, strlen(bytes));/    ;/'
fault client oom:open "no memory for a setting is not seen" 's/            failed = -1;/            failed = 0;/'
fault client names_spec "an id is not encoded" 's/meet_url_append_encoded(url, name, length, err) < 0/meet_buffer_append(url, name, length, err) < 0/'
fault client pace_spec "creating a space takes from the quota of writes" 's/\[MEET_QUOTA_CREATE\] = rate->creates_per_minute/[MEET_QUOTA_CREATE] = rate->writes_per_minute/'
fault client pace_spec "the gateway's own calls take from Google's quota" 's/length < 13 || memcmp(path, "\/google-meet\/", 13) != 0/length == 0/'
fault operation operation_test "deleting a member passes for a read" '/members.delete/,/}/s/    WRITE(.flags = 0)/    .quota = MEET_QUOTA_READ/'

# -- the binding
fault lua_json json_spec "a null leaves a gap" 's/    if (gaps)/    if (gaps \&\& count < 0)/'
fault lua_json json_spec "infinity passes for a number" 's/    if (!isfinite(number))/    if (number != number)/'
fault lua_json json_spec "any depth is read" 's/#define DEEPEST 64/#define DEEPEST 100000/'
fault lua_json oom:report "no memory passes for malformed text" 's/    if (status == LUA_ERRMEM)/    if (status == LUA_YIELD)/'
fault lua_encode json_spec "surrogates pass for UTF-8" 's/(lead == 0xED \&\& text\[1\] > 0x9F)/(lead == 0xED \&\& text[1] > 0xBF)/'
fault lua_encode json_spec "a float loses its last digits" 's/digits <= 17; digits++/digits <= 15; digits++/'
fault lua_encode json_spec "a table may contain itself" 's/++encoder->depth > DEEPEST/++encoder->depth < 0/'
fault lua_encode asan:json_spec "a text that cannot be written leaks" '/^static int buffer_gc/,/^}/s/    meet_buffer_deinit(lua_touserdata(L, 1));/    lua_settop(L, 1);/'
fault lua_error errors_spec "a body shows the key" 's/        meet_auth_redact(job->response.body.bytes, job->response.body.length,/        meet_auth_redact(job->response.body.bytes, 0,/'
fault lua_error errors_spec "an escaped key shows" 's/meet_lua_json_change_strings(L, meet_auth_redact, key);/meet_lua_json_change_strings(L, meet_auth_redact, key ? "" : key);/'
fault lua_error errors_spec "ambiguous is never told" 's/    if (job->ambiguous) {/    if (job->ambiguous \&\& job->retry_after > 1e9) {/'
fault lua_error errors_spec "any 404 is about the connection" 's/(status == 404 \&\& named)/(status == 404 \&\& (named || kind != MEET_OK))/'
fault lua_error errors_spec "the gateway's errors pass for Google's" 's/return google ? MEET_FROM_GOOGLE : MEET_FROM_GATEWAY;/return MEET_FROM_GOOGLE;/'
fault lua_error errors_spec "a server's line ends stay in an error's text" "s/byte < ' ' || byte == 127/byte == 127/"
fault lua_exchange asan:lists_spec "a request's body is not freed" '/^static void drop/,/^}/s/    meet_request_deinit(&exchange->job.request);/    meet_headers_deinit(\&exchange->job.request.headers);/'
fault lua_exchange secrets_spec "a closed client's requests keep their key" 's/!exchange->client->open || exchange->collected/exchange->collected/'
fault lua_exchange credentials_spec "a refused key is asked for without end" 's/!exchange->client->asks_key || exchange->asked_twice ||/!exchange->client->asks_key ||/'
fault lua_exchange asan:tasks_spec "a call that is cancelled stays in the list of those that wait" '/^static void cancel/,/^}/s/    meet_lua_task_forget(exchange);/    (void)job;/'
fault lua_exchange transport_spec "a call's own deadline is not heard" 's/    if (deadline > 0)/    if (deadline > 1e9)/'
fault lua_pager lists_spec "a bad page token is told as the client's fault" '/^static bool receive/,/^}/s/err.origin = MEET_FROM_GATEWAY;/err.origin = MEET_FROM_CLIENT;/'
fault lua_pager tasks_spec "a page that another task got is taken again" 's/    if (!list->pager.ended \&\&$/    if (!list->pager.ended ||/'
fault lua_page lists_spec "page two loses the filter" 's/    exchange->job.deadline = list->deadline;/    exchange->job.deadline = list->deadline; if (list->pager.pages) request->url.length = meet_request_path_length(request) + request->path_offset;/'
fault lua_page prefetch_spec "a page past the limit is sent for" 's/pager->limit < 0 || (unsigned long long)pager->limit > rest/pager->limit != 0 || rest > 0/'
fault lua_page prefetch_spec "a closed list goes on with the page sent for" '/^void meet_lua_page_drop/,/^}/s/luaL_callmeta(L, -1, "__close");/lua_pushnil(L);/'
fault lua_task tasks_spec "a task that can go on waits for the others" 's/has_ready(runtime) ?/has_ready(runtime) \&\& seconds < 0 ?/'
fault lua_transport "errors_spec pace_spec" "a write that an own transport sent passes for unsent" 's/    meet_response_outcome(response, meet_clock_wall(), outcome);/    meet_response_outcome(response, meet_clock_wall(), outcome); outcome->sent = false;/'
fault lua_transport transport_spec "status 600 passes" 's/response->status > 599/response->status > 600/'
fault lua_credentials credentials_spec "the gateway's own calls name a connection" 's/    if (!wants_connection(exchange))$/    if (!exchange->client)/'
fault lua_credentials transfer_spec "a call sent again has both keys" 's/meet_headers_truncate(headers, exchange->given_headers);/exchange->given_headers = headers->count;/'
fault lua_credentials credentials_spec "a call's connection is forgotten" 's/const char \*connection = exchange->connection.length$/const char *connection = exchange->connection.length > 65536/'
fault lua_options client_spec "a NUL byte passes in an option" 's/    if (strlen(string) != length)/    if (strlen(string) > length)/'
fault lua_options client_spec "an option has no highest value" 's/number >= row->lowest \&\& number <= row->highest/number >= row->lowest/'
fault lua_request request_spec "a caller may send Host" 's/"Authorization",  "Maton-Connection",  "Host",/"Authorization",  "Maton-Connection",/'
fault lua_request transfer_spec "GET takes a body" 's/    if (meet_request_is_read(request))$/    if (!request)/'
fault lua_settings transport_spec "retry = false is five attempts" 's/            read.max_attempts = 1;/            read.max_attempts = 5;/'
fault lua_answer errors_spec "an unreadable answer to a write is not ambiguous" 's/job->ambiguous = !meet_request_is_read(&job->request);/job->ambiguous = false;/'
fault lua_answer errors_spec "an array passes for a page" 's/    if (!starts_object(body))/    if (!starts_object(body) \&\& body->length > 65536)/'
fault lua_client client_spec "a closed client answers" '/^struct meet_lua_client \*meet_lua_client_get/,/^}/s/    if (!client->open)/    if (!client)/'
fault lua_runtime asan:client_spec "a state that ends leaves its engine" '/^static int runtime_gc/,/^}/s/    meet_engine_free(engine);/    (void)engine;/'
fault lua_wait interrupts_spec "Ctrl-C is not heard in a call" 's/^    run_hooks(L, runtime);/    if (seconds < 0) run_hooks(L, runtime);/'

tell
