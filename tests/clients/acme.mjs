// The client of docs/checking-clients.md, for Node.
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const ENDED = ["completed", "failed", "cancelled"];

export class Rejected extends Error {}
export class TimedOut extends Error {}

export class Client {
  constructor(url, key, timeout) {
    Object.assign(this, { url, key: key.trim(), timeout, started: performance.now() });
  }

  async submit(body) {
    const answer = await this.ask("POST", "/screenplay/tasks", JSON.stringify(body));
    const told = await answer.json();
    if (answer.status >= 400 && answer.status < 500) throw new Rejected(told.msg);
    if (!answer.ok || !told.success || !told.data?.task_id) throw new Error(`HTTP ${answer.status} without a task`);
    return told.data.task_id;
  }

  async wait(taskId, every, atMost) {
    while (performance.now() - this.started < atMost * 1000) {
      const answer = await this.ask("GET", `/screenplay/tasks/${encodeURIComponent(taskId)}`);
      const { data } = await answer.json();
      if (ENDED.includes(data?.status)) {
        if (data.status === "failed") console.error(data.error_code, data.error_message);
        return data.status;
      }
      await sleep(every * 1000);
    }
    throw new TimedOut("the time is over");
  }

  async download(taskId, path) {
    const answer = await this.ask("GET", `/screenplay/tasks/${encodeURIComponent(taskId)}/download`);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
  }

  ask(method, path, body) {
    const headers = { Authorization: this.key, "User-Agent": "acme/1", ...(body && { "Content-Type": "application/json" }) };
    const signal = AbortSignal.timeout(this.timeout * 1000);
    return fetch(this.url + path, { method, headers, body, signal, redirect: "manual" });
  }
}
