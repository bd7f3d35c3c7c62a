#!/usr/bin/env bash
# A client of the Screenplay API in shell, as careful as curl allows. Needs bash 4.4, curl 7.84, unzip and awk.
#
# Capabilities: cancel, upload, resume. To see it judged:
#
#     screenplay-check client --capability cancel,upload,resume -- bash examples/clients/client.sh
#
# The SCREENPLAY_* variables and a job file tell it what to do. SIGINT and SIGTERM end it and cancel nothing: started
# again it takes up the task whose id is in SCREENPLAY_OUT. It trusts unzip with names, after a look at them.

set -uo pipefail
export LC_ALL=C.UTF-8 # unzip writes names as the locale has them

read -r KEY <<<"${SCREENPLAY_API_KEY:-}" # without a line end, which files and shells like to add
BASE=${SCREENPLAY_BASE_URL:-} OUT=${SCREENPLAY_OUT:-.} JOB=${SCREENPLAY_JOB:-}
MOST_JSON=1000000 MOST_RESULT=$((1 << 30)) MOST_FILES=10000 MOST_RATIO=100 # bytes; a thousand episodes have 3,002 files
POSTS=4 ROUNDS=10 GRACE=4 HOPS=5 # attempts of a POST, of a GET, of one that finds no task; redirects in a row
MOST_WAIT=3600000                # ms; who asks for more in Retry-After does not mean it
WORK=$OUT/unfinished most=$MOST_JSON child=0 task=null cancelling=no

now() { # ms, by a clock that nobody sets
  local up
  if read -r up _ 2>/dev/null </proc/uptime; then echo $((10#${up/./} * 10)); else echo $((SECONDS * 1000)); fi
}
STARTED=$(now) deadline=3600000

say() { printf '%s\n' "${1//"${KEY:-$'\n'}"/[key]}" >&2; }

quoted() { # text as a JSON string
  local text=${1//[$'\x01'-$'\x1f'$'\x7f']/ }
  text=${text//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

finish() { # OUTCOME [CODE MESSAGE]: the last two as JSON
  local exit_code=1 line
  [[ $1 == completed && $cancelling == no ]] && exit_code=0
  line=$(printf '{"outcome": "%s", "task_id": %s, "error_code": %s, "error_message": %s}' "$1" "$task" "${2:-null}" "${3:-null}")
  rm -rf "$WORK"
  printf '%s\n' "${line//"${KEY:-$'\n'}"/[key]}"
  exit "${4:-$exit_code}"
}

stopped() {
  ((child)) && kill "$child" 2>/dev/null
  if [[ -e $OUT/submitting ]]; then finish unknown null '"stopped by a signal"' "$1"; else finish error null '"stopped by a signal"' "$1"; fi
}
trap 'stopped 130' INT
trap 'stopped 143' TERM

background() { # a command such that a signal does not wait for its end
  "$@" &
  child=$!
  wait "$child"
  local code=$?
  child=0
  return $code
}

left() { echo $((STARTED + deadline - $(now))); }

check() { (($(left) > 0)) || finish timeout null '"the deadline is over"'; }

pause() { # ms; ends the job if they are more than are left
  local rest ms=$1
  rest=$(left)
  ((rest < ms)) && ms=$((rest > 0 ? rest : 0))
  background sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
  ((rest > $1)) || finish timeout null '"the deadline is over"'
}

growing() { # MS ATTEMPT: doubling up to 32 s, longer than the last, no two clients alike
  local ms=$(($1 * 2 ** $2))
  ((ms > 32000)) && ms=$(($1 > 32000 ? $1 : 32000))
  echo $((ms * (1000 + RANDOM % 250) / 1000))
}

larger() { echo $(($1 > $2 ? $1 : $2)); }

# --------------------------------------------------------------------------------------------------------------- JSON

json() { # FILE PATH: the value at a path such as data.task_id as it stands there; the last of two counts
  [[ $(wc -c <"$1") -le $MOST_JSON ]] || return 1
  awk -v want=".$2" -v list="${3:-}" '
    { text = text $0 "\n" }
    END {
      sub(/^\357\273\277/, "", text)
      at = 1; value(""); skip()
      if (at <= length(text) || hit == "") exit 1
      if (!list) print hit
    }
    function skip() { while (substr(text, at, 1) ~ /[ \t\r\n]/) at++ }
    function fail() { at = length(text) + 9; hit = ""; want = "" }
    function value(path, first, from) {
      skip(); from = at; first = substr(text, at, 1)
      if (first == "{") each(path, "}")
      else if (first == "[") each(path, "]")
      else if (first == "\"") string()
      else if (match(substr(text, at, 400), /^(true|false|null|-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)/)) at += RLENGTH
      else fail()
      if (path == want || want == "." && path == "") hit = substr(text, from, at - from)
    }
    function each(path, last, name, from, first) {
      at++; skip()
      for (first = 1; substr(text, at, 1) != last; first = 0) {
        if (!first && substr(text, at++, 1) != ",") { fail(); return }
        skip(); name = "[]"
        if (last == "}") {
          from = at; string(); name = substr(text, from + 1, at - from - 2); skip()
          if (substr(text, at++, 1) != ":") { fail(); return }
          if (list && path == want) print name
        }
        value(path "." name); skip()
        if (at > length(text)) return
      }
      at++
    }
    function string(sign) {
      if (substr(text, at++, 1) != "\"") { fail(); return }
      while ((sign = substr(text, at, 1)) != "\"") {
        if (sign == "" || sign == "\n") { fail(); return }
        at += sign == "\\" ? 2 : 1
      }
      at++
    }' "$1"
}

text() { # a JSON string without its quotes and escapes; fails for other values
  local value=$1 pair
  [[ $value == \"*\" ]] || return 1
  value=${value:1:-1} value=${value//\\\//\/}
  while [[ $value =~ \\u([dD][89abAB]..)\\u([dD][c-fC-F]..) ]]; do # two halves of a character
    printf -v pair '\\U%08X' $((0x10000 + ((0x${BASH_REMATCH[1]} - 0xD800) << 10) + 0x${BASH_REMATCH[2]} - 0xDC00))
    value=${value/"${BASH_REMATCH[0]}"/$pair}
  done
  printf '%b' "$value" # whose escapes are those of JSON, and more
}

segment() { # text as one segment of a path (RFC 3986, 3.3)
  local LC_ALL=C at sign
  for ((at = 0; at < ${#1}; at++)); do
    sign=${1:at:1}
    case $sign in [a-zA-Z0-9._~-]) printf %s "$sign" ;; *) printf %s "$sign" | od -An -tx1 | tr ' ' % | tr -d '\n' ;; esac
  done
}

# ----------------------------------------------------------------------------------------------------------- the wire

call() { # METHOD URL [CURL ARGUMENT...]: the answer is in $code, $status and $message, or there is $trouble
  local method=$1 url=$2 seconds meta curl
  shift 2
  check
  seconds=$(((timeout + 999) / 1000))
  : >"$WORK/body"
  # the key goes through a pipe, where no list of processes shows it
  background fetch --config <(printf '%s\n' "$headers") --request "$method" --url "$url" --connect-timeout "$seconds" \
    --speed-limit 1 --speed-time "$seconds" --max-time $((($(left) + timeout) / 1000 + 1)) "$@" 2>/dev/null
  curl=$?
  read -r meta status sent location < <(grep -a '^meta ' "$WORK/meta") || status=000 sent=1 location= # it was killed
  retry_after=$(sed -n 's/^retry-after //p' "$WORK/meta")
  trouble=$(grep -a '^curl: ' "$WORK/meta" | head -n 1)
  ((curl)) && trouble=${trouble:-curl ended with $curl}
  judge
}

fetch() {
  ulimit -f $((most / 1024)) # a larger body ends curl, also one that says nothing of its length
  exec curl -q --silent --show-error --globoff --path-as-is --proto '=http,https' --tlsv1.2 --compressed \
    ${SCREENPLAY_CA_FILE:+--cacert "$SCREENPLAY_CA_FILE"} --user-agent client.sh/1.0 --output "$WORK/body" \
    --write-out '%{stderr}retry-after %header{retry-after}\nmeta %{http_code} %{time_pretransfer} %{redirect_url}\n' "$@" 2>"$WORK/meta"
}

judge() { # $code from $status and the body: HTTP status, code and flags may disagree, and the worst of them counts
  local told begin
  code=$((10#$status)) message=
  [[ $trouble ]] && code=0 && return
  is_json=no
  begin=$(head -c 99 "$WORK/body" | tr -d '\0 \t\r\n\357\273\277')
  [[ $begin == \{* && $(json "$WORK/body" '') ]] && is_json=yes
  if [[ $is_json == yes ]]; then
    message=$(json "$WORK/body" msg || json "$WORK/body" message || true)
    [[ $message == \"*\" ]] || message=
  fi
  ((code >= 200 && code < 300)) || return
  [[ $is_json == yes ]] || { code=0 && return; }
  told=$(json "$WORK/body" code)
  if [[ $told =~ ^(|null|200|\"200\"|\"0000\")$ && $(json "$WORK/body" success) != false && $(json "$WORK/body" failed) != true ]]; then
    code=200
  elif [[ $told =~ ^\"?0?([45][0-9][0-9])\"?$ ]]; then
    code=${BASH_REMATCH[1]}
  else
    code=400
  fi
}

is_limited() { ((code == 429)) || [[ $code == 400 && $message == *"exceeded the limit"* ]]; }

may_pass() { # whether the same question may soon be answered otherwise
  is_limited || [[ $code =~ ^(0|304|408|425)$ ]] || ((code >= 500 && code != 501 && code != 505))
}

describe() { echo "${trouble:-HTTP $status${message:+, code $code: $message}}"; }

asked_wait() { # ms that the server asks us to wait; 0 for nothing, nonsense, and more than MOST_WAIT
  local at ms=0
  if [[ $retry_after =~ ^[0-9]{1,9}$ ]]; then
    ms=$((10#$retry_after * 1000))
  elif [[ $retry_after == *GMT ]] && at=$(date -d "$retry_after" +%s 2>/dev/null); then
    ms=$((at * 1000 - $(date +%s%3N)))
  fi
  echo $((ms > 0 && ms <= MOST_WAIT ? ms : 0))
}

origin() { # scheme, host and port of a URL
  local scheme=${1%%://*} host=${1#*://}
  host=${host%%[/?#]*} host=${host##*@}
  [[ $host =~ :[0-9]+$ ]] || { [[ $scheme == https ]] && host+=:443 || host+=:80; }
  printf '%s://%s' "$scheme" "${host,,}"
}

with_key() { headers="header = \"Authorization: $KEY\""; }

get() { # PATH ABROAD [CURL ARGUMENT...]: follows redirects with the key at home only; is_abroad is set
  local url=$BASE$1 may_leave=$2 hop
  shift 2
  with_key
  is_abroad=no
  for ((hop = 0; hop < HOPS; hop++)); do
    call GET "$url" "$@"
    [[ $status =~ ^30[12378]$ && $location ]] || return
    if [[ $(origin "$location") != "$(origin "$BASE")" ]]; then
      [[ $may_leave == yes ]] || finish error null '"a redirect to another origin was refused"'
      headers='' is_abroad=yes
    fi
    [[ $url == https:* && $location != https:* ]] && finish error null '"a redirect from https to http was refused"'
    url=$location
  done
  finish error null '"too many redirects in a row"'
}

ask() { # PATH MEMBER: the value of a member that is a string. Trouble that may pass is outlived ROUNDS times
  local attempt
  for ((attempt = 0; attempt < ROUNDS; attempt++)); do
    get "$1" no --header 'Accept: application/json'
    if ((code == 200)) && found=$(json "$WORK/body" "$2") && [[ $found == \"*\" ]]; then return; fi
    if ! may_pass && ((code != 200)); then
      ((attempt < GRACE)) && [[ $code == 404 || $message == *"Task not found"* ]] || # replicas lag behind
        finish error "\"$code\"" "${message:-$(quoted "$(describe)")}"
    fi
    [[ $trouble == *certificate* ]] && finish error null "$(quoted "$trouble")"
    say "asking again: $(describe)"
    pause "$(larger "$(asked_wait)" "$(growing "$gap" "$attempt")")"
  done
  finish error null "$(quoted "gave up after $ROUNDS attempts: $(describe)")"
}

post() { # PATH CURL ARGUMENT...: again only if the last one cannot have been accepted. Sets outcome to sent or not_sent
  local url=$BASE$1 attempt
  shift
  with_key
  for ((attempt = 1; attempt <= POSTS; attempt++)); do
    call POST "$url" --header 'Accept: application/json' "$@"
    if [[ $status =~ ^30[12378]$ && $location ]]; then
      rm -f "$OUT/submitting"
      [[ $status == 30[78] && $(origin "$location") == "$(origin "$BASE")" ]] || finish error null '"a redirect of a POST was refused"'
      url=$location
      continue
    fi
    # before curl was ready to send, nothing left
    [[ $trouble && ${sent//[0.]/} == '' ]] && outcome=not_sent || outcome=sent
    [[ $outcome == not_sent && $trouble != *certificate* ]] || is_limited || return
    ((attempt < POSTS)) || return
    say "not accepted, so it is sent again: $(describe)"
    pause "$(larger "$(asked_wait)" "$(growing 1000 $((attempt - 1)))")"
  done
  finish error null '"too many redirects in a row"'
}

# ------------------------------------------------------------------------------------------------------------ the job

upload() { # the files of the job, once each; their ids are in $OUT/asset-NUMBER
  local number path id
  for number in $(json "$JOB" uploads list | sort -n); do
    path=$(text "$(json "$JOB" "uploads.$number")")
    if [[ ! -e $OUT/asset-$number ]]; then
      path=${path//\\/\\\\}
      post /upload --form "file=@\"${path//\"/\\\"}\""
      id=$(json "$WORK/body" data.asset_id)
      [[ $code == 200 && $(text "$id") == *[!\ .]* ]] || finish error "\"$code\"" "$(quoted "an upload failed: $(describe)")"
      printf '%s\n' "$id" >"$OUT/asset-$number"
    fi
    id=$(<"$OUT/asset-$number")
    while ask "/$(segment "$(text "$id")")/metadata" 'data.resource.[].upload_status' && [[ $found != '"SUCCESS"' ]]; do
      [[ $found == '"FAILED"' ]] && finish error null '"an upload cannot be used"'
      pause "$gap"
    done
  done
}

submission() { # the body to send: that of the job, and the ids of what was uploaded
  local number all=''
  if [[ $(json "$JOB" uploads) =~ ^(|null|\{[[:space:]]*\})$ ]]; then
    json "$JOB" submit
    return
  fi
  for number in $(printf '%s\n' $(json "$JOB" submit.episodes list) $(json "$JOB" uploads list) | sort -nu); do
    all+="${all:+, }\"$number\": $(cat "$OUT/asset-$number" 2>/dev/null || json "$JOB" "submit.episodes.$number")"
  done
  printf '{"mode": %s, "episodes": {%s}, "config": %s}' "$(json "$JOB" submit.mode)" "$all" "$(json "$JOB" submit.config)"
}

submit() { # pays; that it may happen is written down before, and the task's id before anything else is done
  submission >"$OUT/submission.json"
  : >"$OUT/submitting"
  post /screenplay/tasks --header 'Content-Type: application/json' --data-binary "@$OUT/submission.json"
  if [[ $outcome == not_sent ]]; then
    rm -f "$OUT/submitting"
    finish error null "$(quoted "nothing was sent: $trouble")"
  fi
  [[ $trouble ]] && finish unknown null "$(quoted "the submission left, and its answer was lost: $trouble")"
  found=$(json "$WORK/body" data.task_id)
  if [[ $code == 200 && $(text "$found") == *[!\ .]* ]]; then
    printf '%s\n' "$found" >"$OUT/task_id.new" && mv "$OUT/task_id.new" "$OUT/task_id" && rm -f "$OUT/submitting"
    task=$found
    say "submitted as $task"
    found=$(json "$WORK/body" data.status)
  elif [[ $is_json == yes ]] && ((code >= 400 && code < 500 && code != 408)); then
    rm -f "$OUT/submitting"
    finish rejected "\"$code\"" "${message:-null}"
  else
    finish unknown "\"$code\"" "$(quoted "the submission left, and its answer names no task: $(describe)")"
  fi
}

follow() { # until the task has ended; it is cancelled once $found is the status at which that is wished
  local deletes=3
  while [[ ! $found =~ ^\"(completed|failed|cancelled)\"$ ]]; do
    if [[ $found && $found == "$cancel_when" ]] && ((deletes-- > 0)); then
      cancelling=yes # from now on there is no download, whatever comes of it
      with_key
      call DELETE "$BASE$path" --header 'Accept: application/json'
      say "the answer to the cancel: $(describe)"
      [[ $code == 200 && $(json "$WORK/body" data.status) == '"cancelled"' ]] && finish cancelled
      may_pass || deletes=0 # refused for good; GET tells the rest
      pause "$(asked_wait)"
    fi
    [[ $found ]] && pause "$gap"
    ask "$path" data.status
    say "$task is $found"
  done
}

download() { # puts the result in place; fails if it is not completed yet, after all
  local attempt broken=no expired=no
  for ((attempt = 0; attempt < POSTS; attempt++)); do
    most=$MOST_RESULT
    get "$path/download" yes --header 'Accept: application/zip, application/json' --header 'Accept-Encoding: identity'
    most=$MOST_JSON
    if [[ $status == 2?? && $(head -c 4 "$WORK/body" | od -An -tx1) =~ 50\ 4b\ (03\ 04|05\ 06) ]]; then
      [[ $trouble ]] || { unpack && return; }
      [[ $broken == yes ]] && finish error null "$(quoted "the download broke: $trouble")"
      broken=yes # it is billed: a transfer that broke is repeated once
    elif [[ ! $trouble ]]; then
      [[ $message == *"Task is not completed yet"* ]] && return 1
      if [[ $is_abroad == yes && $status == 4?? && $expired == no ]]; then
        expired=yes # a signed URL; the next may be a new one
      elif ((code == 0 || code == 200)) || ! may_pass; then
        finish error "\"$code\"" "${message:-$(quoted "no result: $(describe)")}"
      fi
    fi
    say "downloading again: $(describe)"
    pause "$(larger "$(asked_wait)" "$(growing "$gap" "$attempt")")"
  done
  finish error null "$(quoted "gave up the download after $POSTS attempts: $(describe)")"
}

refuse() { finish error null "$(quoted "the result was refused: $1")"; }

unpack() { # what is damaged, hostile, far too large or not all there becomes no result
  local zip=$WORK/body names totals size packed end episodes
  packed=$(wc -c <"$zip")
  totals=$(unzip -Zt "$zip" 2>/dev/null) || [[ $totals == 'Empty zipfile.' ]] || refuse 'it is no whole zip'
  read -r names _ size _ <<<"$totals"
  [[ $names =~ ^[0-9]+$ ]] || refuse 'it is empty'
  ((names <= MOST_FILES && size <= MOST_RESULT && size <= 10000000 + packed * MOST_RATIO)) || refuse "$size bytes in $packed are too many"
  unzip -Zs "$zip" | grep -q '^l' && refuse 'it has a link'
  names=$(unzip -Z1 "$zip")
  grep -qE '(^|/)\.{0,2}(/|$)|\\|^[A-Za-z]:' <<<"${names//\/$'\n'/$'\n'}" && refuse 'a name leads out of it'
  [[ $(sort -f <<<"$names" | uniq -di) ]] && refuse 'two files have the same name, at least for some systems'
  background unzip -nqq -d "$WORK/result" "$zip" </dev/null >/dev/null 2>&1 || refuse 'it is damaged' # checks each CRC
  episodes=$(json "$JOB" submit.episodes list; json "$JOB" uploads list)
  episodes=$(sort -u <<<"$episodes" | grep -c .)
  if [[ $(json "$JOB" submit.config.require_json) != false ]]; then
    for end in _transcript.json _storyboard.json; do
      (($(grep -c "$end\$" <<<"$names") >= episodes)) || refuse "it lacks *$end"
    done
    grep -q 'namelist.json$' <<<"$names" || refuse 'it lacks namelist.json'
  fi
  [[ $(json "$JOB" submit.config.require_merge_xlsx) != true ]] || grep -q 'merged.xlsx$' <<<"$names" || refuse 'it lacks merged.xlsx'
  [[ $(json "$JOB" submit.config.require_xlsx) != true ]] || (($(grep -c '[0-9].xlsx$' <<<"$names") >= episodes)) || refuse 'it lacks *.xlsx'
  mv "$WORK/result" "$OUT/result"
}

milliseconds() { # of a member of the job in seconds; FALLBACK in seconds
  awk -v given="$(json "$JOB" "$1")" -v otherwise="$2" 'BEGIN { printf "%d", 1000 * (given == "" ? otherwise : given) }'
}

main() {
  local attempt
  [[ $KEY =~ ^[!-~]+$ && $KEY != *[\"\\]* ]] || finish error null '"SCREENPLAY_API_KEY is no key"'
  [[ $BASE =~ ^https?://[!-~]+$ && -r $JOB ]] || finish error null '"SCREENPLAY_BASE_URL or SCREENPLAY_JOB is missing"'
  deadline=$(milliseconds deadline_seconds 3600) timeout=$(milliseconds request_timeout_seconds 30) gap=$(milliseconds poll_seconds 5)
  cancel_when=$(json "$JOB" cancel_when)
  rm -rf "$WORK" && mkdir "$WORK"
  [[ -e $OUT/task_id ]] && task=$(<"$OUT/task_id")
  [[ -e $OUT/result ]] && finish completed
  [[ $task == null && -e $OUT/submitting ]] && finish unknown null '"a submission left before; if it is not in the console, delete the file submitting"'
  found=
  [[ $task != null ]] || { upload && submit; }
  path=/screenplay/tasks/$(segment "$(text "$task")")
  for ((attempt = 0; attempt < ROUNDS; attempt++)); do
    follow
    if [[ $found == '"failed"' ]]; then
      finish failed "$(json "$WORK/body" data.error_code)" "$(json "$WORK/body" data.error_message)"
    fi
    [[ $found == '"cancelled"' ]] && finish cancelled
    [[ $cancelling == yes || $(json "$JOB" download) == false ]] && finish completed
    download && finish completed
    pause "$(growing "$gap" "$attempt")"
    found=
  done
  finish error null '"the task is completed, but not when its result is asked for"'
}

main
