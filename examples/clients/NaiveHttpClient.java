// A client as it is often written with the JDK's HttpClient. An example of what not to copy.
//
// It looks right, and is right while all goes well. Capabilities: none. To see where it is not:
//
//     javac -d build/naive examples/clients/NaiveHttpClient.java
//     screenplay-check client -- java -cp build/naive NaiveHttpClient
//
// Told to follow redirects, HttpClient takes the key and the body along to every origin; without a timeout it waits for ever.

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

public class NaiveHttpClient {
    static final HttpClient CLIENT = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(System.getenv("SCREENPLAY_BASE_URL") + path))
            .header("Authorization", System.getenv("SCREENPLAY_API_KEY"));
    }

    static String find(String regex, String text) {
        Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        if (!matcher.find()) throw new IllegalStateException("Unexpected: " + text);
        return matcher.group(1);
    }

    static String submit(String body) throws Exception {
        HttpRequest request = request("/screenplay/tasks").header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build();
        return find("\"task_id\"\\s*:\\s*\"([^\"]+)\"", CLIENT.send(request, BodyHandlers.ofString()).body());
    }

    static String status(String taskId) throws Exception {
        String body = CLIENT.send(request("/screenplay/tasks/" + taskId).build(), BodyHandlers.ofString()).body();
        return find("\"status\"\\s*:\\s*\"([^\"]+)\"", body);
    }

    static void download(String taskId, Path folder) throws Exception {
        InputStream body = CLIENT.send(request("/screenplay/tasks/" + taskId + "/download").build(), BodyHandlers.ofInputStream()).body();
        try (ZipInputStream zip = new ZipInputStream(body)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        String job = Files.readString(Path.of(System.getenv("SCREENPLAY_JOB")));
        double interval = Double.parseDouble(find("\"poll_seconds\"\\s*:\\s*([0-9.]+)", job));
        double timeout = Double.parseDouble(find("\"deadline_seconds\"\\s*:\\s*([0-9.]+)", job));

        String taskId = submit(find("\"submit\"\\s*:\\s*(\\{.*\\})\\s*,\\s*\"uploads\"", job));
        System.out.println("Submitted " + taskId);

        long end = System.currentTimeMillis() + (long) (timeout * 1000);
        for (String status = ""; !status.equals("completed"); status = status(taskId)) {
            if (status.equals("failed") || System.currentTimeMillis() > end) System.exit(1);
            Thread.sleep((long) (interval * 1000));
        }
        if (!job.contains("\"download\": false")) {
            download(taskId, Path.of(System.getenv("SCREENPLAY_OUT"), "result"));
        }
        System.out.println("Done");
    }
}
