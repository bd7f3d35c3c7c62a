"""
A client as it is often written with urllib3. An example of what not to copy.

It looks right, and is right while all goes well. Capabilities: none. To see where it is not:

    screenplay-check client -- python examples/clients/naive_urllib3.py

By default urllib3 repeats a POST with its body where a redirect sends it, and a GET three times without a pause.
"""

import io
import json
import os
import sys
import time
import zipfile

import urllib3

BASE_URL = os.environ["SCREENPLAY_BASE_URL"]

http = urllib3.PoolManager(headers={"Authorization": os.environ["SCREENPLAY_API_KEY"]})


def call(method: str, path: str, **kwargs: object) -> dict:
    response = http.request(method, BASE_URL + path, **kwargs)
    body = response.json()
    if not body["success"]:
        sys.exit(f"{response.status}: {body['msg']}")
    return body["data"]


def main() -> None:
    with open(os.environ["SCREENPLAY_JOB"]) as file:
        job = json.load(file)

    task_id = call("POST", "/screenplay/tasks", json=job["submit"])["task_id"]
    print("submitted", task_id)

    end = time.time() + job["deadline_seconds"]
    while (task := call("GET", f"/screenplay/tasks/{task_id}"))["status"] != "completed":
        if task["status"] in ("failed", "cancelled"):
            sys.exit(f"{task['status']}: {task.get('error_message')}")
        if time.time() > end:
            sys.exit("timeout")
        time.sleep(job["poll_seconds"])

    if job["download"]:
        archive = http.request("GET", f"{BASE_URL}/screenplay/tasks/{task_id}/download").data
        zipfile.ZipFile(io.BytesIO(archive)).extractall(os.path.join(os.environ["SCREENPLAY_OUT"], "result"))
    print("completed")


if __name__ == "__main__":
    main()
