"""
A client as it is often written with requests, in the style of the vendor's pages. An example of what not to copy.

It looks right, and is right while all goes well. Capabilities: upload. To see where it is not:

    screenplay-check client --capability upload -- python examples/clients/naive_requests.py

By default requests waits for ever, follows redirects, and takes 102 for an answer.
"""

import json
import os
import sys
import time
import zipfile

import requests

BASE_URL = os.environ["SCREENPLAY_BASE_URL"]
HEADERS = {"Authorization": os.environ["SCREENPLAY_API_KEY"]}
OUT = os.environ["SCREENPLAY_OUT"]


def upload(path: str) -> str:
    with open(path, "rb") as file:
        response = requests.post(f"{BASE_URL}/upload", headers=HEADERS, files={"file": file})
    response.raise_for_status()
    return response.json()["data"]["asset_id"]


def submit(body: dict) -> str:
    response = requests.post(f"{BASE_URL}/screenplay/tasks", headers=HEADERS, json=body)
    response.raise_for_status()
    return response.json()["data"]["task_id"]


def wait(task_id: str, interval: float, timeout: float) -> None:
    started = time.time()
    while time.time() - started < timeout:
        response = requests.get(f"{BASE_URL}/screenplay/tasks/{task_id}", headers=HEADERS)
        data = response.json()["data"]
        print(task_id, data["status"])
        if data["status"] == "completed":
            return
        if data["status"] == "failed":
            sys.exit(f"{data['error_code']}: {data['error_message']}")
        time.sleep(interval)
    sys.exit("timeout")


def download(task_id: str) -> None:
    response = requests.get(f"{BASE_URL}/screenplay/tasks/{task_id}/download", headers=HEADERS)
    path = os.path.join(OUT, f"{task_id}.zip")
    with open(path, "wb") as file:
        file.write(response.content)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(os.path.join(OUT, "result"))


def main() -> None:
    with open(os.environ["SCREENPLAY_JOB"]) as file:
        job = json.load(file)
    for number, path in job["uploads"].items():
        job["submit"]["episodes"][number] = upload(path)
    task_id = submit(job["submit"])
    wait(task_id, job["poll_seconds"], job["deadline_seconds"])
    if job["download"]:
        download(task_id)
    print("done")


if __name__ == "__main__":
    main()
