// A client as it is often written with the JDK's HttpURLConnection. An example of what not to copy.
//
// It looks right, and is right while all goes well. Capabilities: none. To see where it is not:
//
//     javac -d build/naive examples/clients/NaiveUrlConnection.java
//     screenplay-check client -- java -cp build/naive NaiveUrlConnection
//
// HttpURLConnection sends a POST a second time if the connection ends without an answer, waits for ever, and takes a
// body that is too short for a whole one. Nobody asked it to.

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

public class NaiveUrlConnection {
    static final String BASE_URL = System.getenv("SCREENPLAY_BASE_URL");

    static HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(BASE_URL + path).openConnection();
        connection.setRequestProperty("Authorization", System.getenv("SCREENPLAY_API_KEY"));
        return connection;
    }

    static String read(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String find(String regex, String text) {
        Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        if (!matcher.find()) throw new IllegalStateException("Unexpected: " + text);
        return matcher.group(1);
    }

    static String submit(String body) throws IOException {
        HttpURLConnection connection = open("/screenplay/tasks");
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return find("\"task_id\"\\s*:\\s*\"([^\"]+)\"", read(connection));
    }

    static void download(String taskId, File folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(open("/screenplay/tasks/" + taskId + "/download").getInputStream())) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                File file = new File(folder, entry.getName());
                file.getParentFile().mkdirs();
                Files.copy(zip, file.toPath());
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
        String status;
        do {
            Thread.sleep((long) (interval * 1000));
            status = find("\"status\"\\s*:\\s*\"([^\"]+)\"", read(open("/screenplay/tasks/" + taskId)));
            System.out.println(status);
            if (status.equals("failed") || System.currentTimeMillis() > end) System.exit(1);
        } while (!status.equals("completed"));

        if (!job.contains("\"download\": false")) {
            download(taskId, new File(System.getenv("SCREENPLAY_OUT"), "result"));
        }
        System.out.println("Done");
    }
}
