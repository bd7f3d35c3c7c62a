// A client as it is often written with fetch, in the style of the vendor's pages. An example of what not to copy.
//
// It looks right, and is right while all goes well. Capabilities: none. To see where it is not:
//
//     screenplay-check client -- node examples/clients/naive_fetch.mjs
//
// By default fetch waits for five minutes, and carries a POST to any origin that answers 307.

import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";

const { SCREENPLAY_BASE_URL: baseUrl, SCREENPLAY_API_KEY: apiKey, SCREENPLAY_OUT: out, SCREENPLAY_JOB } = process.env;
const headers = { Authorization: apiKey, "Content-Type": "application/json" };
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function submit(body) {
  const response = await fetch(`${baseUrl}/screenplay/tasks`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`submit: ${response.status} ${await response.text()}`);
  const { data } = await response.json();
  return data.task_id;
}

async function status(taskId) {
  const response = await fetch(`${baseUrl}/screenplay/tasks/${taskId}`, { headers });
  const { data } = await response.json();
  return data;
}

async function download(taskId) {
  const response = await fetch(`${baseUrl}/screenplay/tasks/${taskId}/download`, { headers });
  if (!response.ok) throw new Error((await response.json()).msg);
  await writeFile(`${out}/${taskId}.zip`, Buffer.from(await response.arrayBuffer()));
  execFileSync("unzip", ["-o", `${out}/${taskId}.zip`, "-d", `${out}/result`]);
}

const job = JSON.parse(await readFile(SCREENPLAY_JOB, "utf8"));
const taskId = await submit(job.submit);
console.log(`Task ${taskId}`);

const deadline = Date.now() + job.deadline_seconds * 1000;
let task = await status(taskId);
while (task.status !== "completed") {
  if (task.status === "failed") throw new Error(task.error_message);
  if (Date.now() > deadline) throw new Error("Timeout");
  await sleep(job.poll_seconds);
  task = await status(taskId);
}
if (job.download) await download(taskId);
console.log("Done");
