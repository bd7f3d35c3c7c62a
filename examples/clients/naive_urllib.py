"""
A client as it is often written with nothing but the standard library of Python. An example of what not to copy.

It looks right, and is right while all goes well. Capabilities: none. To see where it is not:

    screenplay-check client -- python examples/clients/naive_urllib.py

By default urllib.request waits for ever, and takes the key along to wherever a redirect leads.
"""

import json
import os
import shutil
import sys
import time
import urllib.request

BASE_URL = os.environ["SCREENPLAY_BASE_URL"]
OUT = os.environ["SCREENPLAY_OUT"]


def call(path: str, body: dict | None = None):
    request = urllib.request.Request(BASE_URL + path)
    request.add_header("Authorization", os.environ["SCREENPLAY_API_KEY"])
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    return urllib.request.urlopen(request)


def main() -> None:
    job = json.load(open(os.environ["SCREENPLAY_JOB"]))

    task_id = json.load(call("/screenplay/tasks", job["submit"]))["data"]["task_id"]
    print("task:", task_id)

    started = time.time()
    while True:
        status = json.load(call(f"/screenplay/tasks/{task_id}"))["data"]["status"]
        if status == "completed":
            break
        if status == "failed" or time.time() - started > job["deadline_seconds"]:
            sys.exit(f"no result, the task is {status}")
        time.sleep(job["poll_seconds"])

    if job["download"]:
        with call(f"/screenplay/tasks/{task_id}/download") as response, open(f"{OUT}/result.zip", "wb") as file:
            shutil.copyfileobj(response, file)
        shutil.unpack_archive(f"{OUT}/result.zip", f"{OUT}/result")
        os.remove(f"{OUT}/result.zip")
    print("finished")


if __name__ == "__main__":
    main()
