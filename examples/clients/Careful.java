// A careful client of the Screenplay API for Java 17 or newer, with nothing but the JDK.
//
// Capabilities: webhook, cancel. It uploads nothing, and started again it submits again. To see it judged:
//
//     javac -d build/careful examples/clients/Careful.java
//     screenplay-check client --capability webhook,cancel -- java -Xmx64m -cp build/careful Careful
//
// `java examples/clients/Careful.java` does without the first line, and compiles it for seconds at each start.
// The SCREENPLAY_* variables and a job file tell it what to do. SIGINT and SIGTERM end it and cancel nothing.
// HttpClient follows no redirect here: by itself it would take the key to every other origin.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;

public class Careful {
    static final String KEY = env("SCREENPLAY_API_KEY").strip(); // files and shells like to add a line end
    static final String BASE = env("SCREENPLAY_BASE_URL").replaceAll("/+$", "");
    static final Path OUT = Path.of(env("SCREENPLAY_OUT"));
    static final int MOST_JSON = 10 << 20, MOST_EVENT = 1 << 20, MOST_RESULT = 1 << 30; // bytes
    static final int MOST_FILES = 10_000, MOST_RATIO = 100; // a thousand episodes have 3,002 files
    static final int POSTS = 4, ROUNDS = 10, GRACE = 4, HOPS = 5; // attempts of a POST, of a GET, of one that finds no task; redirects
    static final int MOST_WAIT = 3600; // seconds; who asks for more in Retry-After does not mean it
    static final int QUIET = 1000, LINGER = 3000; // milliseconds that the receiver outlives the last request: without a call, in all
    static final int USABLE = 200, UNUSABLE = 0; // codes of an Answer
    static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");

    /** The job is over, and not well. */
    static final class Ended extends RuntimeException {
        final String outcome;
        final String code;

        Ended(String outcome, String message, int code) {
            super(message);
            this.outcome = outcome;
            this.code = code == 0 ? null : String.valueOf(code);
        }

        Ended(String outcome, String message) {
            this(outcome, message, 0);
        }
    }

    /** No answer, or half of one. `sent`: the request may have taken effect; `cut`: a zip was on its way. */
    static final class Lost extends Exception {
        final boolean sent, cut, isFinal;

        Lost(Exception error, boolean cut) {
            super(causes(error).reduce((one, next) -> next).orElse(error).toString());
            isFinal = causes(error).anyMatch(one -> one instanceof GeneralSecurityException); // a certificate
            sent = causes(error).noneMatch(one -> one instanceof ConnectException
                || one instanceof HttpConnectTimeoutException || one instanceof SSLHandshakeException);
            this.cut = cut;
        }

        private static Stream<Throwable> causes(Throwable error) {
            return Stream.iterate(error, Objects::nonNull, Throwable::getCause);
        }
    }

    static String env(String name) {
        return System.getenv().getOrDefault(name, "");
    }

    static String redacted(String text) {
        return KEY.isEmpty() || text == null ? text : text.replace(KEY, "[key]"); // servers echo things
    }

    static void say(String text) {
        System.err.println(ascii(redacted(text)));
    }

    // ------------------------------------------------------------------------------------------------------ the time

    static long deadline = Long.MAX_VALUE; // on the clock of System.nanoTime, which nobody sets

    static double left() {
        return (deadline - System.nanoTime()) / 1e9;
    }

    static void check() {
        if (left() <= 0) throw new Ended("timeout", "the deadline is over");
    }

    /** Let seconds pass, fewer once there is a permit in wake. Throws Ended if they are more than are left. */
    static void pause(double seconds, Semaphore wake) throws InterruptedException {
        boolean enough = seconds < left();
        long nanos = (long) (1e9 * Math.max(0, Math.min(seconds, left())));
        boolean woken = (wake == null ? new Semaphore(0) : wake).tryAcquire(nanos, TimeUnit.NANOSECONDS);
        if (!woken && !enough) throw new Ended("timeout", "the deadline is over");
    }

    /** The pause after so many attempts before, in seconds: doubling up to 32, longer than the last, no two clients alike. */
    static double growing(double seconds, int attempt) {
        return Math.min(seconds * Math.pow(2, attempt), Math.max(seconds, 32)) * ThreadLocalRandom.current().nextDouble(1, 1.25);
    }

    // ---------------------------------------------------------------------------------------------------------- JSON

    /** A reader of JSON (RFC 8259); the last of two members with one name counts. Throws IllegalArgumentException. */
    static final class Json {
        private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,999})(\\.\\d{1,999})?([eE][+-]?\\d{1,9})?");
        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        /** The object in body, {} if there is none: UTF-8 whatever its type says, perhaps with a BOM. */
        static Map<String, Object> object(byte[] body) {
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
                Json json = new Json(text.startsWith("\ufeff") ? text.substring(1) : text);
                Object value = json.value(0);
                if (json.next() != 0) return Map.of();
                return members(value);
            } catch (CharacterCodingException | IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException error) {
                return Map.of();
            }
        }

        @SuppressWarnings("unchecked")
        static Map<String, Object> members(Object value) {
            return value instanceof Map ? (Map<String, Object>) value : Map.of();
        }

        private char next() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void expect(String word) {
            next();
            if (!text.startsWith(word, at)) throw new IllegalArgumentException("no JSON at " + at);
            at += word.length();
        }

        private Object value(int depth) {
            if (depth > 100) throw new IllegalArgumentException("nested too deeply");
            switch (next()) {
                case '{': return object(depth);
                case '[': return array(depth);
                case '"': return string();
                case 't': expect("true"); return true;
                case 'f': expect("false"); return false;
                case 'n': expect("null"); return null;
                default:
                    Matcher number = NUMBER.matcher(text).region(at, text.length());
                    if (!number.lookingAt()) throw new IllegalArgumentException("no JSON at " + at);
                    at = number.end();
                    return new BigDecimal(number.group());
            }
        }

        private Map<String, Object> object(int depth) {
            Map<String, Object> members = new LinkedHashMap<>();
            expect("{");
            while (next() != '}') {
                if (!members.isEmpty()) expect(",");
                next();
                String name = string();
                expect(":");
                members.put(name, value(depth + 1));
            }
            expect("}");
            return members;
        }

        private List<Object> array(int depth) {
            List<Object> values = new ArrayList<>();
            expect("[");
            while (next() != ']') {
                if (!values.isEmpty()) expect(",");
                values.add(value(depth + 1));
            }
            expect("]");
            return values;
        }

        private String string() {
            StringBuilder found = new StringBuilder();
            expect("\"");
            for (char sign; (sign = text.charAt(at++)) != '"'; ) {
                if (sign < ' ') throw new IllegalArgumentException("a control character in a text");
                if (sign != '\\') {
                    found.append(sign);
                    continue;
                }
                char escaped = text.charAt(at++);
                int place = "\"\\/bfnrt".indexOf(escaped);
                if (escaped == 'u') {
                    found.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                } else if (place >= 0) {
                    found.append("\"\\/\b\f\n\r\t".charAt(place));
                } else {
                    throw new IllegalArgumentException("an unknown escape");
                }
            }
            return found.toString();
        }

        /** value as JSON in ASCII. */
        static String of(Object value) {
            List<String> parts = new ArrayList<>();
            if (value instanceof Map<?, ?> map) {
                map.forEach((name, one) -> parts.add(of(name) + ": " + of(one)));
                return "{" + String.join(", ", parts) + "}";
            }
            if (value instanceof List<?> list) {
                list.forEach(one -> parts.add(of(one)));
                return "[" + String.join(", ", parts) + "]";
            }
            return value instanceof String text ? '"' + ascii(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"' : String.valueOf(value);
        }
    }

    /** text with escapes for all that is not ASCII, or moves the cursor: no encoding and no terminal spoils it. */
    static String ascii(String text) {
        StringBuilder found = new StringBuilder();
        for (char sign : text.toCharArray()) {
            found.append(sign >= ' ' && sign < 127 ? String.valueOf(sign) : String.format("\\u%04x", (int) sign));
        }
        return found.toString();
    }

    // --------------------------------------------------------------------------------------------------- the answers

    /** What came back: HTTP's status and headers, and the envelope, {} where there is none. */
    record Answer(int status, String delay, Map<String, Object> body) {
        /** One number for HTTP's status, the body's code and its flags, which may disagree: the worst of them counts. */
        int code() {
            if (status < 200 || status > 299) return status;
            if (body.isEmpty()) return UNUSABLE;
            Object code = body.get("code");
            boolean isGood = code == null || code.equals("200") || code.equals("0000")
                || code instanceof BigDecimal number && number.compareTo(BigDecimal.valueOf(200)) == 0;
            if (isGood && !Boolean.FALSE.equals(body.get("success")) && !Boolean.TRUE.equals(body.get("failed"))) return USABLE;
            Matcher found = Pattern.compile("0?([45]\\d\\d)").matcher(String.valueOf(code));
            return found.matches() ? Integer.parseInt(found.group(1)) : 400;
        }

        String message() {
            for (String name : List.of("msg", "message", "error")) {
                if (body.get(name) instanceof String text) return text;
            }
            return "";
        }

        Map<String, Object> data() {
            return Json.members(body.get("data"));
        }

        /** Refused before it was looked at, in either of the documented ways. */
        boolean isLimited() {
            return code() == 429 || code() == 400 && message().contains("exceeded the limit");
        }

        /** Whether the same question may soon be answered otherwise. */
        boolean mayPass() {
            boolean isServers = code() >= 500 && code() != 501 && code() != 505;
            return isLimited() || isServers || Set.of(UNUSABLE, 304, 408, 425).contains(code());
        }

        /** Seconds that the server asks us to wait; 0 for nothing, nonsense, and more than MOST_WAIT. */
        double retryAfter() {
            double seconds = 0;
            try {
                seconds = delay.matches("\\d{1,9}") ? Integer.parseInt(delay) : Duration.between(Instant.now(),
                    ZonedDateTime.parse(delay, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()).toMillis() / 1000.0;
            } catch (DateTimeException | ArithmeticException error) {
                return 0;
            }
            return seconds > 0 && seconds <= MOST_WAIT ? seconds : 0;
        }

        @Override
        public String toString() {
            return "HTTP " + status + ", " + (body.isEmpty() ? "no usable body" : "code " + code() + ": " + message());
        }
    }

    // ------------------------------------------------------------------------------------------------------ the wire

    static double timeout = 30, gap = 5; // seconds: for connecting and for silence; between an answer and the next question
    static HttpClient client;
    static final ScheduledExecutorService WATCH = Executors.newScheduledThreadPool(1, Careful::daemon);

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    static HttpClient newClient() {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        if (!env("SCREENPLAY_CA_FILE").isEmpty()) builder.sslContext(trusting(Path.of(env("SCREENPLAY_CA_FILE"))));
        return builder.followRedirects(HttpClient.Redirect.NEVER).connectTimeout(seconds(timeout)).build();
    }

    /** Java has no variable that names an authority, as others have SSL_CERT_FILE. */
    static SSLContext trusting(Path authorities) {
        try (InputStream file = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null);
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry(String.valueOf(store.size()), one);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException error) {
            throw new Ended("error", "SCREENPLAY_CA_FILE has no certificates: " + error.getMessage());
        }
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** One request and the head of its answer, its body to be read; no redirect is followed. */
    static HttpResponse<InputStream> send(HttpClient client, String method, URI url, Map<String, String> headers, String body)
            throws Lost, InterruptedException {
        check();
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(seconds(timeout)).method(method,
            body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        Map<String, String> all = new LinkedHashMap<>(Map.of("User-Agent", "careful/1.0", "Accept", "application/json", "Accept-Encoding", "gzip"));
        all.putAll(headers);
        all.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException error) {
            throw new Lost(error, false);
        }
    }

    /** The body of a response. A read that lasts longer than the timeout fails. */
    static final class Body extends InputStream {
        private final InputStream raw, in;

        Body(HttpResponse<InputStream> response) throws IOException {
            raw = response.body();
            InputStream watched = new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    AtomicBoolean isSilent = new AtomicBoolean();
                    var alarm = WATCH.schedule(() -> {
                        isSilent.set(true);
                        close();
                        return null;
                    }, (long) (timeout * 1000), TimeUnit.MILLISECONDS);
                    try {
                        return raw.read(bytes, offset, length);
                    } catch (IOException error) {
                        throw isSilent.get() ? new HttpTimeoutException("nothing for " + timeout + " s") : error;
                    } finally {
                        alarm.cancel(false);
                    }
                }

                @Override
                public void close() throws IOException {
                    raw.close();
                }
            };
            boolean isPacked = response.headers().firstValue("Content-Encoding").orElse("").matches("(?i)(x-)?gzip");
            in = isPacked ? new GZIPInputStream(watched) : watched;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            raw.close();
        }
    }

    /** The answer, as if it had no body if that is larger than MOST_JSON. */
    static Answer answer(HttpResponse<InputStream> response) throws Lost {
        try (Body body = new Body(response)) {
            return answer(response, body);
        } catch (IOException error) {
            throw new Lost(error, false);
        }
    }

    static Answer answer(HttpResponse<InputStream> response, InputStream body) throws IOException {
        byte[] content = body.readNBytes(MOST_JSON + 1);
        String delay = response.headers().firstValue("Retry-After").orElse("").strip();
        return new Answer(response.statusCode(), delay, content.length > MOST_JSON ? Map.of() : Json.object(content));
    }

    static String origin(URI url) {
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        return (url.getScheme() + "://" + url.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }

    /** Where response sends us on to; null: it does not. Throws Ended where we do not go. */
    static URI target(HttpResponse<InputStream> response, URI url, boolean abroad) {
        String location = response.headers().firstValue("Location").orElse(null);
        if (!Set.of(301, 302, 303, 307, 308).contains(response.statusCode()) || location == null) return null;
        try {
            response.body().close();
            URI to = url.resolve(location);
            boolean isHttp = to.getHost() != null && Set.of("http", "https").contains(to.getScheme());
            boolean isWeaker = url.getScheme().equals("https") && !to.getScheme().equals("https");
            if (isHttp && !isWeaker && (abroad || origin(to).equals(origin(URI.create(BASE))))) return to;
            throw new Ended("error", "a redirect to " + (isHttp ? origin(to) : "no host") + " was refused");
        } catch (IllegalArgumentException | IOException error) {
            throw new Ended("error", "a redirect was refused");
        }
    }

    /** The head of an answer, and whether another origin gave it: once abroad the key stays at home. */
    record Got(HttpResponse<InputStream> response, boolean isAbroad) {}

    static Got get(String path, Map<String, String> headers, boolean abroad) throws Lost, InterruptedException {
        URI url = URI.create(BASE + path);
        boolean isAtHome = true;
        for (int hop = 0; hop < HOPS; hop++) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            if (isAtHome) all.put("Authorization", KEY);
            HttpResponse<InputStream> response = send(client, "GET", url, all, null);
            URI next = target(response, url, abroad);
            if (next == null) return new Got(response, !isAtHome);
            url = next;
            isAtHome = isAtHome && origin(url).equals(origin(URI.create(BASE)));
        }
        throw new Ended("error", "more than " + HOPS + " redirects in a row");
    }

    /** What find finds in the data of a GET. Trouble that may pass is outlived ROUNDS times. Throws Ended. */
    static <T> T ask(String path, Function<Map<String, Object>, T> find) throws InterruptedException {
        String trouble = "";
        for (int attempt = 0; attempt < ROUNDS; attempt++) {
            double wait = 0;
            try {
                Answer answer = answer(get(path, Map.of(), false).response());
                T found = answer.code() == USABLE ? find.apply(answer.data()) : null;
                if (found != null) return found;
                boolean isUnseen = attempt < GRACE && (answer.code() == 404 || answer.message().contains("Task not found")); // replicas lag
                if (!answer.mayPass() && answer.code() != USABLE && !isUnseen) throw new Ended("error", answer.toString(), answer.code());
                trouble = answer.toString();
                wait = answer.retryAfter();
            } catch (Lost lost) {
                if (lost.isFinal) throw new Ended("error", lost.getMessage());
                trouble = lost.getMessage();
            }
            say("asking again: " + trouble);
            pause(Math.max(wait, growing(gap, attempt)), null);
        }
        throw new Ended("error", "gave up after " + ROUNDS + " attempts: " + trouble);
    }

    /**
     * POST, and again only if the last one cannot have been accepted: it never left, the limit refused it, or it was
     * sent on within the origin by 307 or 308.
     */
    static Answer post(String path, String body) throws Lost, InterruptedException {
        URI url = URI.create(BASE + path);
        for (int attempt = 0; attempt < POSTS; attempt++) {
            boolean isLast = attempt == POSTS - 1;
            String trouble;
            double wait = 0;
            try {
                // a client of its own: a connection that was kept may die under it, and nobody would know what came of it
                Map<String, String> headers = Map.of("Authorization", KEY, "Content-Type", "application/json");
                HttpResponse<InputStream> response = send(newClient(), "POST", url, headers, body);
                URI next = target(response, url, false);
                if (next != null && response.statusCode() != 307 && response.statusCode() != 308) {
                    throw new Ended("error", "a redirect of a POST by " + response.statusCode() + " was refused");
                }
                if (next != null) {
                    url = next;
                    continue;
                }
                Answer answer = answer(response);
                if (!answer.isLimited() || isLast) return answer;
                trouble = answer.toString();
                wait = answer.retryAfter();
            } catch (Lost lost) {
                if (lost.sent || lost.isFinal || isLast) throw lost;
                trouble = lost.getMessage();
            }
            say("not accepted, so it is sent again: " + trouble);
            pause(Math.max(wait, growing(1, attempt)), null);
        }
        throw new Ended("error", "too many redirects in a row");
    }

    // -------------------------------------------------------------------------------------------------- the receiver

    /** Takes webhook calls. None is believed: one that names our task only makes us ask sooner. */
    static final class Receiver {
        final Semaphore wake = new Semaphore(0);
        private final Set<String> told = ConcurrentHashMap.newKeySet();
        private volatile String ours = "";
        private volatile long heardAt;

        Receiver(String listen) throws IOException {
            // the rest of a body that is too large is read and dropped: closed at once, the connection would be reset
            System.setProperty("sun.net.httpserver.drainAmount", String.valueOf(64 << 20));
            System.setProperty("sun.net.httpserver.maxReqTime", "5");
            int colon = listen.lastIndexOf(':');
            InetSocketAddress address = new InetSocketAddress(listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
            HttpServer server = HttpServer.create(address, 128);
            server.createContext("/", this::call);
            server.setExecutor(Executors.newCachedThreadPool(Careful::daemon));
            server.start();
        }

        private void call(HttpExchange exchange) throws IOException {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            String length = exchange.getRequestHeaders().getFirst("Content-Length");
            int status;
            if (!exchange.getRequestURI().getPath().equals("/webhook")) {
                status = 404;
            } else if (!exchange.getRequestMethod().equals("POST")) {
                status = 405;
            } else if (type != null && !type.toLowerCase(Locale.ROOT).contains("json")) {
                status = 415;
            } else if (length != null && (length.length() > 9 || Integer.parseInt(length) > MOST_EVENT)) {
                status = 413;
            } else {
                byte[] body = exchange.getRequestBody().readNBytes(MOST_EVENT + 1);
                status = body.length > MOST_EVENT ? 413 : take(body);
            }
            exchange.getResponseHeaders().set("Allow", "POST");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        }

        /** The status to answer. A call may come before the submission's answer: what it names is kept. */
        private synchronized int take(byte[] body) {
            Map<String, Object> event = Json.object(body);
            heardAt = System.nanoTime();
            if (Json.members(event.get("data")).get("task_id") instanceof String id) { // the one beside data is the vendor's own
                if (told.size() < 1000) told.add(id);
                if (id.equals(ours)) wake.release();
            }
            return event.isEmpty() ? 400 : 200;
        }

        synchronized void expect(String taskId) {
            ours = taskId;
            if (told.contains(taskId)) wake.release();
        }

        /** Stay a moment for calls that come late, or again. */
        void linger() throws InterruptedException {
            long since = heardAt = System.nanoTime();
            while (true) {
                long end = Math.min(since + LINGER * 1_000_000L, heardAt + QUIET * 1_000_000L);
                if (end - System.nanoTime() <= 0) return;
                TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- the result

    static Ended refused(String reason) {
        return new Ended("error", "the result was refused: " + reason);
    }

    /** Unpack the zip into the new folder; the names. Throws Ended for what is damaged, hostile or too large. */
    static List<String> unpack(Path zip, Path folder) {
        try (ZipFile archive = new ZipFile(zip.toFile(), StandardCharsets.UTF_8)) {
            if (archive.size() > MOST_FILES) throw refused(archive.size() + " entries are too many");
            List<? extends ZipEntry> files = archive.stream().filter(entry -> !entry.isDirectory()).toList();
            long total = files.stream().mapToLong(ZipEntry::getSize).sum(), packed = Files.size(zip);
            boolean isTooLarge = files.stream().anyMatch(entry -> entry.getSize() < 0 || entry.getSize() > MOST_RESULT);
            if (isTooLarge || total > MOST_RESULT || total > (10 << 20) + packed * MOST_RATIO) {
                throw refused(total + " bytes in " + packed + " are too many");
            }
            Set<String> names = new HashSet<>();
            for (ZipEntry entry : files) {
                checkName(entry.getName());
                if (!names.add(Normalizer.normalize(entry.getName(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT))) {
                    throw refused("two files have the same name, at least for some systems");
                }
            }
            for (ZipEntry entry : files) extract(archive, entry, folder.resolve(entry.getName()));
            return files.stream().map(ZipEntry::getName).toList();
        } catch (IOException | IllegalArgumentException error) {
            throw refused(error.toString());
        }
    }

    static void checkName(String name) {
        boolean isOutside = name.matches("[A-Za-z]:.*") || name.contains("\\") || name.contains("\0")
            || Arrays.stream(name.split("/", -1)).anyMatch(Set.of("", ".", "..")::contains);
        if (isOutside) throw refused("the name " + Json.of(name) + " leads out of it");
    }

    /** What is no plain file, such as a link, becomes one. ZipFile does not look at the CRC. */
    static void extract(ZipFile archive, ZipEntry entry, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        CRC32 crc = new CRC32();
        long size = 0;
        try (InputStream in = archive.getInputStream(entry); OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
            byte[] part = new byte[1 << 16];
            for (int read; size <= entry.getSize() && (read = in.read(part)) > 0; size += read) {
                crc.update(part, 0, read);
                out.write(part, 0, read);
            }
        }
        if (size != entry.getSize() || crc.getValue() != entry.getCrc()) throw refused(Json.of(entry.getName()) + " is damaged");
    }

    /** What the flags of config promise and names have not (vendor page: download-task-result). */
    static List<String> missing(List<String> names, int episodes, Map<String, Object> config) {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        if (!Boolean.FALSE.equals(config.get("require_json"))) {
            wanted.putAll(Map.of("_transcript.json", episodes, "_storyboard.json", episodes, "namelist.json", 1));
        }
        if (Boolean.TRUE.equals(config.get("require_merge_xlsx"))) wanted.put("merged.xlsx", 1);
        if (Boolean.TRUE.equals(config.get("require_xlsx"))) wanted.put(".xlsx", episodes + wanted.getOrDefault("merged.xlsx", 0));
        return wanted.entrySet().stream().filter(one -> names.stream().filter(name -> name.endsWith(one.getKey())).count() < one.getValue())
            .map(one -> "*" + one.getKey()).toList();
    }

    // ------------------------------------------------------------------------------------------------------- the job

    static volatile String taskId;
    static volatile boolean isSubmitting, isCancelling;
    static Map<String, Object> job = Map.of();

    /** How a task stands; "": we have not asked yet. */
    record Status(String name, Object code, Object message) {
        static Status in(Map<String, Object> data) {
            return data.get("status") instanceof String name ? new Status(name, data.get("error_code"), data.get("error_message")) : null;
        }
    }

    static final Status UNASKED = new Status("", null, null);

    static String path() {
        return "/screenplay/tasks/" + URLEncoder.encode(taskId, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** How the task ended; its result is in place if it is completed and that is wanted. Throws Ended. */
    static Status run(Receiver receiver) throws IOException, InterruptedException {
        Status status = submit();
        if (receiver != null) receiver.expect(taskId);
        for (int attempt = 0; attempt < ROUNDS; attempt++) {
            status = followed(status, receiver);
            boolean isWanted = status.name().equals("completed") && !isCancelling && !Boolean.FALSE.equals(job.get("download"));
            if (!isWanted || fetched()) return status;
            pause(growing(gap, attempt), null);
            status = UNASKED;
        }
        throw new Ended("error", "the task is completed, but not when its result is asked for");
    }

    /** Pay, once. Throws Ended. */
    static Status submit() throws InterruptedException {
        Map<String, Object> submission = new LinkedHashMap<>(Json.members(job.get("submit")));
        Map<String, Object> episodes = new TreeMap<>(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
        episodes.putAll(Json.members(submission.get("episodes"))); // 2 before 10
        submission.put("episodes", episodes);
        Answer answer;
        isSubmitting = true;
        try {
            answer = post("/screenplay/tasks", Json.of(submission));
        } catch (Lost lost) {
            isSubmitting = lost.sent;
            throw lost.sent ? new Ended("unknown", "the submission left, and its answer was lost: " + lost.getMessage())
                : new Ended("error", "nothing was sent: " + lost.getMessage());
        } catch (Ended ended) {
            isSubmitting = false;
            throw ended;
        }
        if (answer.code() == USABLE && answer.data().get("task_id") instanceof String id && !id.matches("[ .]*")) {
            taskId = id;
            isSubmitting = false;
            say("submitted as " + Json.of(id));
            Status status = Status.in(answer.data());
            return status == null ? UNASKED : status;
        }
        isSubmitting = false;
        if (!answer.body().isEmpty() && answer.code() >= 400 && answer.code() < 500 && answer.code() != 408) {
            throw new Ended("rejected", answer.message().isEmpty() ? answer.toString() : answer.message(), answer.code());
        }
        throw new Ended("unknown", "the submission left, and its answer names no task: " + answer, answer.code());
    }

    /** How the task ends. It is cancelled once status, or a later one, is the one at which that is wished. */
    static Status followed(Status status, Receiver receiver) throws InterruptedException {
        int deletesLeft = 3;
        while (!ENDS.contains(status.name())) {
            if (status.name().equals(job.get("cancel_when")) && deletesLeft > 0) {
                Answer answer = cancelled();
                Status end = answer != null && answer.code() == USABLE ? Status.in(answer.data()) : null;
                if (end != null && ENDS.contains(end.name())) return end;
                deletesLeft = answer == null || answer.mayPass() ? deletesLeft - 1 : 0; // GET tells what is not clear
            }
            pause(status == UNASKED ? 0 : gap, null);
            if (receiver != null && "webhook".equals(job.get("wait"))) {
                pause(4 * gap, receiver.wake); // a call shortens only what is beyond the gap
                receiver.wake.drainPermits();
            }
            status = ask(path(), Status::in);
            say(Json.of(taskId) + " is " + Json.of(status.name()));
        }
        return status;
    }

    /** The answer to a cancel; null: it was lost. Whatever it says, from now on there is no download. */
    static Answer cancelled() throws InterruptedException {
        isCancelling = true;
        try {
            Answer answer = answer(send(client, "DELETE", URI.create(BASE + path()), Map.of("Authorization", KEY), null));
            say("the answer to the cancel: " + answer);
            pause(answer.retryAfter(), null);
            return answer;
        } catch (Lost lost) {
            say("the answer to the cancel was lost: " + lost.getMessage());
            return null;
        }
    }

    static final Path UNFINISHED = OUT.resolve("unfinished");

    /** Put the result in place. False: it is not completed yet, after all. Throws Ended. */
    static boolean fetched() throws IOException, InterruptedException {
        Path folder = UNFINISHED.resolve("result"), zip = UNFINISHED.resolve("result.zip");
        try {
            remove(UNFINISHED);
            Files.createDirectories(folder);
            if (!downloaded(zip)) return false;
            Map<String, Object> submission = Json.members(job.get("submit"));
            int episodes = Json.members(submission.get("episodes")).size();
            List<String> lacking = missing(unpack(zip, folder), episodes, Json.members(submission.get("config")));
            if (!lacking.isEmpty()) throw refused("it lacks " + String.join(", ", lacking));
            Files.move(folder, OUT.resolve("result"));
            return true;
        } finally {
            remove(UNFINISHED);
        }
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var found = Files.walk(folder)) {
            for (Path each : found.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }

    /** Save the zip. It is billed: a transfer that broke is repeated once. False: not completed. Throws Ended. */
    static boolean downloaded(Path zip) throws IOException, InterruptedException {
        boolean isBroken = false, isExpired = false;
        String trouble = "";
        for (int attempt = 0; attempt < POSTS; attempt++) {
            double wait = 0;
            try {
                Got got = get(path() + "/download", Map.of("Accept", "application/zip, application/json", "Accept-Encoding", "identity"), true);
                Answer answer = saved(got.response(), zip);
                if (answer == null) return true;
                if (answer.message().contains("Task is not completed yet")) return false;
                boolean isOld = got.isAbroad() && answer.code() >= 400 && answer.code() < 500 && !isExpired; // a signed URL; the next may be new
                boolean isFinal = answer.code() == USABLE || answer.code() == UNUSABLE || !answer.mayPass();
                if (!isOld && isFinal) {
                    throw new Ended("error", answer.message().isEmpty() ? "no result: " + answer : answer.message(), answer.code());
                }
                isExpired |= isOld;
                trouble = answer.toString();
                wait = answer.retryAfter();
            } catch (Lost lost) {
                if (lost.isFinal || lost.cut && isBroken) throw new Ended("error", "the download broke: " + lost.getMessage());
                isBroken |= lost.cut;
                trouble = lost.getMessage();
            }
            say("downloading again: " + trouble);
            pause(Math.max(wait, growing(gap, attempt)), null);
        }
        throw new Ended("error", "gave up the download after " + POSTS + " attempts: " + trouble);
    }

    /** Stream a zip to a file, whatever its headers call it: null. What is no zip is the answer. */
    static Answer saved(HttpResponse<InputStream> response, Path zip) throws Lost, IOException {
        try (Body body = opened(response)) {
            byte[] begin = response.statusCode() < 300 ? part(body, new byte[4]) : new byte[0];
            String signature = new String(begin, StandardCharsets.ISO_8859_1);
            if (!signature.equals("PK\3\4") && !signature.equals("PK\5\6")) {
                try {
                    return answer(response, new SequenceInputStream(new ByteArrayInputStream(begin), body));
                } catch (IOException error) {
                    throw new Lost(error, true);
                }
            }
            long size = 4;
            try (OutputStream out = Files.newOutputStream(zip)) {
                out.write(begin);
                for (byte[] part, room = new byte[1 << 16]; (part = part(body, room)).length > 0; size += part.length) {
                    if (size > MOST_RESULT) throw refused("it has more than " + MOST_RESULT + " bytes");
                    out.write(part);
                }
            }
            return null;
        }
    }

    static Body opened(HttpResponse<InputStream> response) throws Lost {
        try {
            return new Body(response);
        } catch (IOException error) {
            throw new Lost(error, true);
        }
    }

    /** As much of the body as there is room for; less is its end. */
    static byte[] part(InputStream body, byte[] room) throws Lost {
        try {
            return Arrays.copyOf(room, body.readNBytes(room, 0, room.length));
        } catch (IOException error) {
            throw new Lost(error, true);
        }
    }

    // ------------------------------------------------------------------------------------------------------- the run

    static final AtomicBoolean HAS_LEFT = new AtomicBoolean();

    /** Print the last line, once. */
    static void tell(String outcome, Object code, Object message) {
        if (HAS_LEFT.getAndSet(true)) return;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("outcome", isSubmitting ? "unknown" : outcome); // a submission has left of which nobody knows what came
        line.put("task_id", taskId);
        line.put("error_code", code == null ? null : redacted(String.valueOf(code)));
        line.put("error_message", message == null ? null : redacted(String.valueOf(message)));
        System.out.println(Json.of(line));
        System.out.flush();
    }

    /** Also runs when a signal comes: then it has the last word. */
    static void leave() {
        tell("error", null, "stopped by a signal");
        try {
            remove(UNFINISHED);
        } catch (IOException error) {
            say(error.toString());
        }
    }

    static double number(String name, double otherwise) {
        return job.get(name) instanceof BigDecimal number ? number.doubleValue() : otherwise;
    }

    static Status started() throws IOException, InterruptedException {
        if (!KEY.matches("[!-~]+")) throw new Ended("error", "SCREENPLAY_API_KEY is no key");
        if (!BASE.matches("https?://[!-~]+")) throw new Ended("error", "SCREENPLAY_BASE_URL is no http(s) URL");
        job = Json.object(Files.readAllBytes(Path.of(env("SCREENPLAY_JOB"))));
        if (!Json.members(job.get("uploads")).isEmpty()) throw new Ended("error", "this client uploads nothing");
        timeout = number("request_timeout_seconds", 30);
        gap = number("poll_seconds", 5);
        Instant began = ProcessHandle.current().info().startInstant().orElse(Instant.now()); // the compiler took its time
        deadline = System.nanoTime() + (long) (1e9 * number("deadline_seconds", 3600)) - Duration.between(began, Instant.now()).toNanos();
        WATCH.schedule(() -> { // a server can drip for ever, a byte before each timeout
            tell("timeout", null, "the deadline is over");
            System.exit(1);
        }, (long) (1e3 * (left() + timeout)), TimeUnit.MILLISECONDS);
        client = newClient();
        Receiver receiver = env("SCREENPLAY_WEBHOOK_LISTEN").isEmpty() ? null : new Receiver(env("SCREENPLAY_WEBHOOK_LISTEN"));
        Status status = run(receiver);
        if (receiver != null) receiver.linger();
        return status;
    }

    public static void main(String[] arguments) {
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1"); // or it repeats a GET that was reset, and at once
        Runtime.getRuntime().addShutdownHook(new Thread(Careful::leave));
        int exitCode = 1;
        try {
            Status status = started();
            tell(status.name(), status.code(), status.message());
            exitCode = status.name().equals("completed") && !isCancelling ? 0 : 1;
        } catch (Ended ended) {
            tell(ended.outcome, ended.code, ended.getMessage());
        } catch (Exception error) { // people get a sentence, whatever it is
            tell("error", null, error.toString());
        }
        System.exit(exitCode);
    }
}
