"""A small client that behaves well where nothing is in its way. Standard library only."""

from __future__ import annotations

import http.client
import io
import json
import os
import pathlib
import sys
import threading
import time
import urllib.parse
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

ENDED = ("completed", "failed", "cancelled")


class Trouble(Exception):
    def __init__(self, outcome, task_id=None, code=None, message=None):
        super().__init__(message)
        self.report = {"outcome": outcome, "task_id": task_id, "error_code": code, "error_message": message}


def ask(method, path, body=None):
    """(HTTP status, body) of the answer."""
    where = urllib.parse.urlsplit(os.environ["SCREENPLAY_BASE_URL"])
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=JOB["request_timeout_seconds"])
    headers = {"Authorization": os.environ["SCREENPLAY_API_KEY"].strip(), "User-Agent": "tidy/1"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        connection.request(method, where.path + path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def submitted():
    try:
        status, answer = ask("POST", "/screenplay/tasks", json.dumps(JOB["submit"]).encode())
        told = json.loads(answer)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Trouble("unknown", message=repr(error)) from None
    if status != 200:
        raise Trouble("rejected", message=told["msg"])
    return told["data"]["task_id"]


def watched(task_id):
    """The task once it has ended."""
    while time.monotonic() < DEADLINE:
        try:
            status, answer = ask("GET", f"/screenplay/tasks/{task_id}")
            if status == 200 and json.loads(answer)["data"]["status"] in ENDED:
                return json.loads(answer)["data"]
        except (OSError, ValueError, http.client.HTTPException):
            pass
        time.sleep(JOB["poll_seconds"])
    raise Trouble("timeout", task_id)


def downloaded(task_id):
    status, content = ask("GET", f"/screenplay/tasks/{task_id}/download")
    if status != 200:
        raise Trouble("error", task_id, message=f"no download: {status}")
    out = pathlib.Path(os.environ["SCREENPLAY_OUT"])
    zipfile.ZipFile(io.BytesIO(content)).extractall(out / "partial")
    (out / "partial").rename(out / "result")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def run():
    if listen := os.environ.get("SCREENPLAY_WEBHOOK_LISTEN"):
        host, port = listen.split(":")
        threading.Thread(target=HTTPServer((host, int(port)), Receiver).serve_forever, daemon=True).start()
    task = watched(submitted())
    if task["status"] != "completed":
        raise Trouble(task["status"], task["task_id"], task.get("error_code"), task.get("error_message"))
    if JOB["download"]:
        downloaded(task["task_id"])
    return {"outcome": "completed", "task_id": task["task_id"], "error_code": None, "error_message": None}


JOB = json.loads(pathlib.Path(os.environ["SCREENPLAY_JOB"]).read_text("utf-8"))
DEADLINE = time.monotonic() + JOB["deadline_seconds"]
try:
    print(json.dumps(run()))
except Trouble as trouble:
    print(json.dumps(trouble.report))
    sys.exit(1)
