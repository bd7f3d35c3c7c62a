import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Submits once, as a naive client does: `java Submit.java URL KEY BODY` prints the HTTP status. */
public class Submit {
    public static void main(String[] arguments) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(arguments[0]).openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", arguments[1]);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(arguments[2].getBytes(StandardCharsets.UTF_8));
        System.out.println(connection.getResponseCode());
    }
}
