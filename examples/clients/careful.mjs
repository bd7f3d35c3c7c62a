// A careful client of the Screenplay API for Node 20.15 or newer, with nothing but Node.
//
// It uses node:http and not fetch, which has no timeout for silence, does not say whether a request has left, and in
// Node 20 cannot read chunk extensions with a semicolon in quotes.
//
// Capabilities: webhook, cancel. It uploads nothing, and started again it submits again. To see it judged:
//
//     screenplay-check client --capability webhook,cancel -- node examples/clients/careful.mjs
//
// The SCREENPLAY_* variables and a job file tell it what to do. SIGINT and SIGTERM end it and cancel nothing.

import { createReadStream, rmSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { dirname, join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32, createGunzip, createInflateRaw } from "node:zlib";

const KEY = (process.env.SCREENPLAY_API_KEY ?? "").trim(); // files and shells like to add a line end
const BASE = (process.env.SCREENPLAY_BASE_URL ?? "").replace(/\/+$/, "");
const OUT = process.env.SCREENPLAY_OUT ?? ".";
const MOST_JSON = 10 * 2 ** 20, MOST_EVENT = 2 ** 20, MOST_RESULT = 2 ** 30; // bytes
const MOST_FILES = 10_000, MOST_RATIO = 100; // a thousand episodes have 3,002 files
const POSTS = 4, ROUNDS = 10, GRACE = 4, HOPS = 5; // attempts of a POST, of a GET, of one that finds no task; redirects
const MOST_WAIT = 3600; // seconds; who asks for more in Retry-After does not mean it
const QUIET = 1000, LINGER = 3000; // milliseconds that the receiver outlives the last request: without a call, in all
const USABLE = 200, UNUSABLE = 0; // codes of an Answer
const ENDS = new Set(["completed", "failed", "cancelled"]);

/** The job is over, and not well. */
class Ended extends Error {
  constructor(outcome, message, code = null) {
    super(message);
    this.outcome = outcome;
    this.code = code || null;
  }
}

/** No answer, or half of one. `sent`: the request may have taken effect; `cut`: a zip was on its way. */
class Lost extends Error {
  constructor(error, { sent = true, cut = false } = {}) {
    const cause = error.errors?.[0] ?? error; // a name with several addresses has several errors
    super(`${cause.code ?? cause.name}: ${cause.message}`);
    [this.sent, this.cut] = [sent, cut];
    this.isFinal = !sent && /CERT|SIGNED|VERIFY|ISSUER|ALTNAME|_SSL_|_TLS_/.test(cause.code ?? "");
  }
}

const say = (text) => console.error(redacted(text));
const redacted = (text) => (KEY ? String(text).replaceAll(KEY, "[key]") : String(text));

let deadline = Infinity; // on the clock of performance.now(), which counts from the start of the process
const left = () => deadline - performance.now();

function check() {
  if (left() <= 0) throw new Ended("timeout", "the deadline is over");
}

/** Let *seconds* pass, fewer once *signal* fires. Throws Ended if they are more than are left. */
async function wait(seconds, signal) {
  const enough = seconds * 1000 < left();
  const end = performance.now() + Math.max(0, Math.min(seconds * 1000, left()));
  try {
    while (performance.now() < end) await sleep(end - performance.now() + 1, undefined, { signal });
  } catch {
    return;
  }
  if (!enough) throw new Ended("timeout", "the deadline is over");
}

/** The pause after so many attempts before, in seconds: doubling up to 32, longer than the last, no two clients alike. */
const growing = (seconds, attempt) => Math.min(seconds * 2 ** attempt, Math.max(seconds, 32)) * (1 + Math.random() / 4);

// ------------------------------------------------------------------------------------------------------- the answers

/** The JSON object in *body*, {} if there is none. */
function parsed(body) {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)); // without a BOM, if there is one
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** What came back: HTTP's status and headers, and the envelope, {} where there is none. */
class Answer {
  constructor(response, body) {
    [this.status, this.headers, this.body] = [response.statusCode, response.headers, parsed(body)];
    this.code = this.#code();
    const { msg, message, error, data } = this.body;
    this.message = [msg, message, error].find((text) => typeof text === "string") ?? "";
    this.data = typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
  }

  /** One number for HTTP's status, the body's code and its flags, which may disagree: the worst of them counts. */
  #code() {
    if (this.status < 200 || this.status > 299) return this.status;
    if (!this.hasBody) return UNUSABLE;
    const { code, success, failed } = this.body;
    if ([undefined, null, 200, "200", "0000"].includes(code) && success !== false && failed !== true) return USABLE;
    return Number(/^0?([45]\d\d)$/.exec(String(code))?.[1] ?? 400);
  }

  get hasBody() {
    return Object.keys(this.body).length > 0;
  }

  /** Refused before it was looked at, in either of the documented ways. */
  get isLimited() {
    return this.code === 429 || (this.code === 400 && this.message.includes("exceeded the limit"));
  }

  /** Whether the same question may soon be answered otherwise. */
  get mayPass() {
    const isServers = this.code >= 500 && this.code !== 501 && this.code !== 505;
    return this.isLimited || isServers || [UNUSABLE, 304, 408, 425].includes(this.code);
  }

  /** Seconds that the server asks us to wait; 0 for nothing, nonsense, and more than MOST_WAIT. */
  get retryAfter() {
    const text = this.headers["retry-after"]?.trim() ?? "";
    const isDate = /^[A-Z][a-z]{2,8},? .*GMT$/.test(text); // Date.parse makes something of nearly everything
    const seconds = /^\d+$/.test(text) ? Number(text) : isDate ? (Date.parse(text) - Date.now()) / 1000 : 0;
    return seconds > 0 && seconds <= MOST_WAIT ? seconds : 0;
  }

  toString() {
    return `HTTP ${this.status}, ${this.hasBody ? `code ${this.code}: ${this.message}` : "no usable body"}`;
  }
}

// --------------------------------------------------------------------------------------------------------- the wire

let timeout = 30, gap = 5; // seconds: for connecting and for silence; between an answer and the next question

/** The head of the answer to one request, its body to be read; no redirect is followed. Rejects with Lost, Ended. */
async function send(method, url, headers, body) {
  check();
  const isEncrypted = url.startsWith("https:");
  const all = { "User-Agent": "careful/1.0", Accept: "application/json", "Accept-Encoding": "gzip", ...headers };
  // a POST gets a connection of its own: one that was kept may die under it, and nobody would know what came of it
  const agent = body === undefined ? undefined : false;
  const options = { method, headers: all, agent, timeout: timeout * 1000, maxHeaderSize: 2 ** 18 };
  return new Promise((resolve, reject) => {
    const request = (isEncrypted ? https : http).request(url, options, resolve);
    let isConnected = false; // before, nothing leaves
    request.on("socket", (socket) => {
      isConnected = request.reusedSocket;
      socket.once(isEncrypted ? "secureConnect" : "connect", () => (isConnected = true));
    });
    request.on("timeout", () => request.destroy(new Error(`nothing for ${timeout} s`)));
    request.on("error", (error) => reject(new Lost(error, { sent: isConnected })));
    request.end(body);
  });
}

/** The body as it comes, as long as it comes. Throws Lost. */
async function* chunks(response) {
  const isPacked = /^(x-)?gzip$/i.test(response.headers["content-encoding"] ?? "");
  try {
    yield* isPacked ? pipeline(response, createGunzip(), () => {}) : response;
  } catch (error) {
    throw new Lost(error, { cut: true });
  }
}

/** The answer, as if it had no body if that is larger than MOST_JSON. Throws Lost. */
async function answer(response, body = chunks(response), begin = []) {
  let size = 0;
  const parts = [...begin];
  for await (const chunk of body) {
    size += chunk.length;
    parts.push(chunk);
    if (size > MOST_JSON) return new Answer(response, Buffer.alloc(0));
  }
  return new Answer(response, Buffer.concat(parts));
}

/** Where *response* sends us on to; null: it does not. Throws Ended where we do not go. */
function target(response, url, abroad = false) {
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === undefined) return null;
  response.destroy();
  const to = URL.canParse(location, url) ? new URL(location, url) : null;
  const isForeign = to?.origin !== new URL(BASE).origin;
  const isWeaker = to?.protocol !== "https:" && (to?.protocol !== "http:" || url.startsWith("https:"));
  if (to === null || (isForeign && !abroad) || isWeaker) throw new Ended("error", `a redirect to ${to?.origin} was refused`);
  return to.href;
}

/** [the head of an answer, whether another origin gave it]: once abroad the key stays at home. Throws Lost, Ended. */
async function get(path, headers = {}, abroad = false) {
  let url = BASE + path, key = { Authorization: KEY };
  for (let hop = 0; hop < HOPS; hop++) {
    const response = await send("GET", url, { ...headers, ...key });
    const next = target(response, url, abroad);
    if (next === null) return [response, !key.Authorization];
    url = next;
    if (new URL(url).origin !== new URL(BASE).origin) key = {};
  }
  throw new Ended("error", `more than ${HOPS} redirects in a row`);
}

/** What *find* finds in the data of a GET. Trouble that may pass is outlived ROUNDS times. Throws Ended. */
async function ask(path, find) {
  let trouble = "";
  for (let attempt = 0; attempt < ROUNDS; attempt++) {
    let pause = 0;
    try {
      const found = await answer((await get(path))[0]);
      if (found.code === USABLE && find(found.data) !== null) return find(found.data);
      const isUnseen = attempt < GRACE && (found.code === 404 || found.message.includes("Task not found")); // replicas lag
      if (!found.mayPass && found.code !== USABLE && !isUnseen) throw new Ended("error", `${found}`, found.code);
      [trouble, pause] = [`${found}`, found.retryAfter];
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      if (error.isFinal) throw new Ended("error", error.message);
      trouble = error.message;
    }
    say(`asking again: ${trouble}`);
    await wait(Math.max(pause, growing(gap, attempt)));
  }
  throw new Ended("error", `gave up after ${ROUNDS} attempts: ${trouble}`);
}

/**
 * POST, and again only if the last one cannot have been accepted: it never left, the limit refused it, or it was sent
 * on within the origin by 307 or 308. Throws Lost, Ended.
 */
async function post(path, body) {
  let url = BASE + path;
  for (let attempt = 0; attempt < POSTS; attempt++) {
    const isLast = attempt === POSTS - 1;
    let trouble = "", pause = 0;
    try {
      const response = await send("POST", url, { Authorization: KEY, "Content-Type": "application/json" }, body);
      const next = target(response, url);
      if (next !== null && ![307, 308].includes(response.statusCode)) {
        throw new Ended("error", `a redirect of a POST by ${response.statusCode} was refused`);
      }
      if (next !== null) {
        url = next;
        continue;
      }
      const found = await answer(response);
      if (!found.isLimited || isLast) return found;
      [trouble, pause] = [`${found}`, found.retryAfter];
    } catch (error) {
      if (!(error instanceof Lost) || error.sent || error.isFinal || isLast) throw error;
      trouble = error.message;
    }
    say(`not accepted, so it is sent again: ${trouble}`);
    await wait(Math.max(pause, growing(1, attempt)));
  }
  throw new Ended("error", "too many redirects in a row");
}

// ------------------------------------------------------------------------------------------------------ the receiver

/** Takes webhook calls. None is believed: one that names our task only makes us ask sooner. */
class Receiver {
  #told = new Set();
  #ours = null;
  #heardAt = performance.now();
  #wake = new AbortController();

  async listen(address) {
    const [, host, port] = /^(.*):(\d+)$/.exec(address);
    this.server = http.createServer((request, response) => this.#call(request, response));
    this.server.listen({ host, port: Number(port), backlog: 128 });
    await new Promise((resolve, reject) => this.server.once("listening", resolve).once("error", reject));
  }

  /** Fires when a call names our task. */
  get signal() {
    return this.#wake.signal;
  }

  expect(taskId) {
    this.#ours = taskId;
    if (this.#told.has(taskId)) this.#wake.abort();
  }

  asked() {
    this.#wake = new AbortController();
  }

  /** Stay a moment for calls that come late, or again. */
  async linger() {
    const since = (this.#heardAt = performance.now());
    let rest;
    while ((rest = Math.min(since + LINGER, this.#heardAt + QUIET) - performance.now()) > 0) await sleep(rest + 1);
  }

  #call(request, response) {
    const type = request.headers["content-type"] ?? "json";
    const refusal = new URL(request.url, "http://x").pathname !== "/webhook" ? 404
      : request.method !== "POST" ? 405
      : !/json/i.test(type) ? 415
      : Number(request.headers["content-length"] ?? 0) > MOST_EVENT ? 413 : 0;
    const end = (status) => {
      if (!response.headersSent) response.writeHead(status, { Allow: "POST" }).end();
      setTimeout(() => request.complete || request.destroy(), 1000).unref(); // closed before, it would be reset
    };
    const parts = [];
    let size = 0;
    if (refusal) end(refusal);
    request.setTimeout(5000, () => request.destroy());
    request.on("error", () => {});
    request.on("data", (part) => {
      size += part.length;
      if (size > MOST_EVENT) end(413);
      else if (!refusal) parts.push(part);
    });
    request.on("end", () => refusal || size > MOST_EVENT || end(this.#take(Buffer.concat(parts))));
  }

  /** The status to answer. A call may come before the submission's answer: what it names is kept. */
  #take(body) {
    const event = parsed(body);
    const taskId = event.data?.task_id; // the one beside data is the vendor's own
    this.#heardAt = performance.now();
    if (typeof taskId === "string" && this.#told.size < 1000) this.#told.add(taskId);
    if (taskId === this.#ours && this.#ours !== null) this.#wake.abort();
    return Object.keys(event).length > 0 ? 200 : 400;
  }
}

// -------------------------------------------------------------------------------------------------------- the result

const refuse = (reason) => {
  throw new Ended("error", `the result was refused: ${reason}`);
};

/** The entries of the zip *file*, of *size* bytes, from its central directory (APPNOTE 4.3.12, 4.3.16). Throws Ended. */
async function entries(file, size) {
  const tail = await part(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && !(tail.readUInt32LE(at) === 0x06054b50 && at + 22 + tail.readUInt16LE(at + 20) === tail.length)) at--;
  if (at < 0) refuse("it has no end");
  const count = tail.readUInt16LE(at + 10), length = tail.readUInt32LE(at + 12), start = tail.readUInt32LE(at + 16);
  if (count > MOST_FILES) refuse(`${count} entries are too many`); // all that need zip64 among them
  if (start + length > size) refuse("its directory is cut");
  const directory = await part(file, start, length);
  const found = [];
  for (let here = 0, number = 0; number < count; number++) {
    if (here + 46 > length || directory.readUInt32LE(here) !== 0x02014b50) refuse("its directory is damaged");
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(here + offset));
    found.push({
      flags: directory.readUInt16LE(here + 8),
      method: directory.readUInt16LE(here + 10),
      crc: directory.readUInt32LE(here + 16),
      packed: directory.readUInt32LE(here + 20),
      size: directory.readUInt32LE(here + 24),
      mode: directory.readUInt32LE(here + 38) >>> 16,
      start: directory.readUInt32LE(here + 42),
      name: text(directory.subarray(here + 46, here + 46 + nameLength)),
    });
    here += 46 + nameLength + extra + comment;
  }
  return found;
}

async function part(file, start, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  if (bytesRead < length) refuse("it is cut");
  return buffer;
}

/** A name is in UTF-8, marked as such or not; what is not, is in something that has ASCII in common. */
function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

/** Unpack the zip at *path* into the new *folder*; the names. Throws Ended for what is damaged, hostile or too large. */
async function unpack(path, folder) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const files = (await entries(file, size)).filter((entry) => !entry.name.endsWith("/"));
    const total = files.reduce((sum, entry) => sum + entry.size, 0);
    if (total > MOST_RESULT || total > 10 * 2 ** 20 + size * MOST_RATIO) refuse(`${total} bytes in ${size} are too many`);
    files.forEach(checkEntry);
    const names = new Set(files.map((entry) => entry.name.normalize("NFC").toLowerCase()));
    if (names.size < files.length) refuse("two files have the same name, at least for some systems");
    for (const entry of files) await extract(file, path, entry, join(folder, entry.name));
    return files.map((entry) => entry.name);
  } finally {
    await file.close();
  }
}

function checkEntry({ name, mode, flags, method }) {
  const isOutside = /^[A-Za-z]:|[\\\0]/.test(name) || name.split("/").some((part) => ["", ".", ".."].includes(part));
  if (isOutside) refuse(`the name ${JSON.stringify(name)} leads out of it`);
  const isPlain = [0, 0o100000].includes(mode & 0o170000) && !(flags & 1) && [0, 8].includes(method);
  if (!isPlain) refuse(`${JSON.stringify(name)} is a link, encrypted, or compressed in an unusual way`);
}

async function extract(file, path, entry, place) {
  const head = await part(file, entry.start, 30);
  if (head.readUInt32LE(0) !== 0x04034b50) refuse("it is damaged");
  const start = entry.start + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  await mkdir(dirname(place), { recursive: true });
  const out = await open(place, "wx");
  let size = 0, crc = 0;
  try {
    const packed = entry.packed ? createReadStream(path, { start, end: start + entry.packed - 1 }) : Readable.from([]);
    const content = entry.method === 8 ? packed.pipe(createInflateRaw()) : packed;
    for await (const chunk of content) {
      size += chunk.length;
      crc = crc32(chunk, crc);
      if (size > entry.size) break;
      await out.write(chunk);
    }
  } catch (error) {
    refuse(error.message);
  } finally {
    await out.close();
  }
  if (size !== entry.size || crc !== entry.crc) refuse(`${JSON.stringify(entry.name)} is damaged`);
}

/** What the flags of *config* promise and *names* have not (vendor page: download-task-result). */
function missing(names, episodes, config) {
  const wanted = [];
  if (config.require_json ?? true) wanted.push(["_transcript.json", episodes], ["_storyboard.json", episodes], ["namelist.json", 1]);
  if (config.require_merge_xlsx) wanted.push(["merged.xlsx", 1]);
  if (config.require_xlsx) wanted.push([".xlsx", episodes + (config.require_merge_xlsx ? 1 : 0)]);
  return wanted.filter(([end, times]) => names.filter((name) => name.endsWith(end)).length < times).map(([end]) => `*${end}`);
}

// ----------------------------------------------------------------------------------------------------------- the job

const task = { id: null, path: "", isCancelling: false, isSubmitting: false };
const statusIn = ({ status, error_code, error_message }) =>
  typeof status === "string" ? { name: status, code: error_code ?? null, message: error_message ?? null } : null;

/** How the task ended; its result is in place if it is completed and that is wanted. Throws Ended. */
async function run(job, receiver) {
  let status = await submit(job.submit);
  receiver?.expect(task.id);
  for (let attempt = 0; attempt < ROUNDS; attempt++) {
    status = await followed(status, job, receiver);
    if (status.name !== "completed" || task.isCancelling || job.download === false || (await fetched(job.submit))) return status;
    await wait(growing(gap, attempt));
    status = null;
  }
  throw new Ended("error", "the task is completed, but not when its result is asked for");
}

/** Pay, once. Throws Ended. */
async function submit(submission) {
  const byNumber = ([one], [other]) => Number(one) - Number(other); // 2 comes before 10; JavaScript thinks so too
  const body = JSON.stringify({ ...submission, episodes: Object.fromEntries(Object.entries(submission.episodes).sort(byNumber)) });
  let found;
  task.isSubmitting = true;
  try {
    found = await post("/screenplay/tasks", body);
  } catch (error) {
    task.isSubmitting = error instanceof Lost && error.sent;
    if (!(error instanceof Lost)) throw error;
    throw error.sent ? new Ended("unknown", `the submission left, and its answer was lost: ${error.message}`)
      : new Ended("error", `nothing was sent: ${error.message}`);
  }
  task.isSubmitting = false;
  const id = found.data.task_id;
  if (found.code === USABLE && typeof id === "string" && !/^[ .]*$/.test(id)) {
    [task.id, task.path] = [id, `/screenplay/tasks/${encodeURIComponent(id.toWellFormed())}`];
    say(`submitted as ${JSON.stringify(id)}`);
    return statusIn(found.data);
  }
  if (found.hasBody && found.code >= 400 && found.code < 500 && found.code !== 408) {
    throw new Ended("rejected", found.message || `${found}`, found.code);
  }
  throw new Ended("unknown", `the submission left, and its answer names no task: ${found}`, found.code);
}

/** How the task ends. It is cancelled once *status*, or a later one, is the one at which that is wished. */
async function followed(status, job, receiver) {
  let deletesLeft = 3;
  while (!ENDS.has(status?.name)) {
    if (status && status.name === job.cancel_when && deletesLeft > 0) {
      const [isRefused, end] = await cancelled();
      if (end) return end;
      deletesLeft = isRefused ? 0 : deletesLeft - 1;
    }
    await wait(status ? gap : 0);
    if (receiver && job.wait === "webhook") {
      await wait(4 * gap, receiver.signal); // a call shortens only what is beyond the gap
      receiver.asked();
    }
    status = await ask(task.path, statusIn);
    say(`${JSON.stringify(task.id)} is ${JSON.stringify(status.name)}`);
  }
  return status;
}

/** [whether the server refuses to cancel for good, the task's end if it tells it]; GET tells what is not clear. */
async function cancelled() {
  task.isCancelling = true; // from now on there is no download, whatever comes of it
  try {
    const found = await answer(await send("DELETE", BASE + task.path, { Authorization: KEY }));
    say(`the answer to the cancel: ${found}`);
    await wait(found.retryAfter);
    const status = found.code === USABLE ? statusIn(found.data) : null;
    return [!found.mayPass, ENDS.has(status?.name) ? status : null];
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    say(`the answer to the cancel was lost: ${error.message}`);
    return [false, null];
  }
}

/** Put the result in place. False: it is not completed yet, after all. Throws Ended. */
async function fetched(submission) {
  const unfinished = join(OUT, "unfinished"), folder = join(unfinished, "result"), zip = join(unfinished, "result.zip");
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    if (!(await downloaded(zip))) return false;
    const names = await unpack(zip, folder);
    const lacking = missing(names, Object.keys(submission.episodes).length, submission.config ?? {});
    if (lacking.length > 0) refuse(`it lacks ${lacking.join(", ")}`);
    await rename(folder, join(OUT, "result"));
    return true;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Save the zip. It is billed: a transfer that broke is repeated once. False: not completed. Throws Ended. */
async function downloaded(path) {
  let isBroken = false, isExpired = false, trouble = "";
  for (let attempt = 0; attempt < POSTS; attempt++) {
    let pause = 0;
    try {
      const headers = { Accept: "application/zip, application/json", "Accept-Encoding": "identity" };
      const [response, isAbroad] = await get(`${task.path}/download`, headers, true);
      const found = await saved(response, path);
      if (found === null) return true;
      if (found.message.includes("Task is not completed yet")) return false;
      const isOld = isAbroad && found.code >= 400 && found.code < 500 && !isExpired; // a signed URL; the next may be new
      const isFinal = [USABLE, UNUSABLE].includes(found.code) || !found.mayPass;
      if (!isOld && isFinal) throw new Ended("error", found.message || `no result: ${found}`, found.code);
      [trouble, pause, isExpired] = [`${found}`, found.retryAfter, isExpired || isOld];
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      if (error.isFinal || (error.cut && isBroken)) throw new Ended("error", `the download broke: ${error.message}`);
      [trouble, isBroken] = [error.message, isBroken || error.cut];
    }
    say(`downloading again: ${trouble}`);
    await wait(Math.max(pause, growing(gap, attempt)));
  }
  throw new Ended("error", `gave up the download after ${POSTS} attempts: ${trouble}`);
}

/** Stream a zip to *path*, whatever its headers call it: null. What is no zip is the answer. Throws Lost, Ended. */
async function saved(response, path) {
  const body = chunks(response), begin = [];
  while (response.statusCode < 300 && Buffer.concat(begin).length < 4) {
    const { value, done } = await body.next();
    if (done) break;
    begin.push(value);
  }
  if (!["PK\x03\x04", "PK\x05\x06"].includes(Buffer.concat(begin).toString("latin1", 0, 4))) return answer(response, body, begin);
  const file = await open(path, "w");
  try {
    let size = 0;
    for await (const chunk of (async function* () { yield* begin; yield* body; })()) {
      size += chunk.length;
      if (size > MOST_RESULT) refuse(`it has more than ${MOST_RESULT} bytes`);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return null;
}

// ----------------------------------------------------------------------------------------------------------- the run

/** Print the last line and leave. */
function leave(exitCode, outcome, code, message) {
  const isUnknown = task.isSubmitting; // a submission has left of which nobody knows what came
  const line = {
    outcome: isUnknown ? "unknown" : outcome,
    task_id: task.id,
    error_code: code === null ? null : redacted(code),
    error_message: message === null ? null : redacted(message),
  };
  rmSync(join(OUT, "unfinished"), { recursive: true, force: true });
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(exitCode));
}

async function main() {
  for (const [name, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    process.once(name, () => leave(exitCode, "error", null, "stopped by a signal"));
  }
  let receiver;
  try {
    if (!/^[!-~]+$/.test(KEY)) throw new Ended("error", "SCREENPLAY_API_KEY is no key");
    if (!/^https?:\/\/./.test(BASE)) throw new Ended("error", "SCREENPLAY_BASE_URL is no http(s) URL");
    const job = parsed(await readFile(process.env.SCREENPLAY_JOB));
    deadline = 1000 * (job.deadline_seconds ?? 3600);
    [timeout, gap] = [job.request_timeout_seconds ?? 30, job.poll_seconds ?? 5];
    setTimeout(() => leave(1, "timeout", null, "the deadline is over"), left() + 1000 * timeout); // a server can drip for ever
    if (Object.keys(job.uploads ?? {}).length > 0) throw new Ended("error", "this client uploads nothing");
    if (process.env.SCREENPLAY_WEBHOOK_LISTEN) {
      receiver = new Receiver();
      await receiver.listen(process.env.SCREENPLAY_WEBHOOK_LISTEN);
    }
    const status = await run(job, receiver);
    await receiver?.linger();
    leave(status.name === "completed" && !task.isCancelling ? 0 : 1, status.name, status.code, status.message);
  } catch (error) {
    leave(1, error.outcome ?? "error", error.code ?? null, error.outcome ? error.message : `${error.name}: ${error.message}`);
  }
}

await main();
