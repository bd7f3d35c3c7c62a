#!/bin/sh
# A client as it is often written with wget. An example of what not to copy.
#
# It looks right, and is right while all goes well. Capabilities: none. Needs wget and unzip. To see where it is not:
#
#     screenplay-check client -- sh examples/clients/naive_wget.sh
#
# wget repeats whatever got no answer, though a POST that got none may have been paid for, and takes the key along to
# wherever a redirect leads.

set -e
cd "$SCREENPLAY_OUT"
auth="Authorization: $SCREENPLAY_API_KEY"
body=$(tr -d '\n' <"$SCREENPLAY_JOB" | sed 's/.*"submit": *\({.*}\), *"uploads".*/\1/')
interval=$(sed -n 's/.*"poll_seconds": *\([0-9.]*\).*/\1/p' "$SCREENPLAY_JOB")

answer=$(wget --quiet --tries=3 --output-document=- --header "$auth" --header 'Content-Type: application/json' \
  --post-data "$body" "$SCREENPLAY_BASE_URL/screenplay/tasks")
task_id=$(echo "$answer" | sed 's/.*"task_id": *"\([^"]*\)".*/\1/')
echo "Submitted: $task_id"

while :; do
  status=$(wget --quiet --tries=3 --output-document=- --header "$auth" "$SCREENPLAY_BASE_URL/screenplay/tasks/$task_id")
  case $status in
    *'"status":"completed"'*) break ;;
    *'"status":"failed"'*) echo "Failed: $status" && exit 1 ;;
  esac
  sleep "$interval"
done

wget --quiet --tries=3 --output-document=result.zip --header "$auth" "$SCREENPLAY_BASE_URL/screenplay/tasks/$task_id/download"
unzip -q -o result.zip -d result
echo "Done"
