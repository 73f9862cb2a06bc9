import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeSet;

/** Each line is a text in base64; for each, what java.util.Properties reads in it: names and values in base64, or null where it refuses. */
class Props {
  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Properties found = new Properties();
      try {
        found.load(new StringReader(new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException refused) {
        System.out.println("null");
        continue;
      }
      StringBuilder out = new StringBuilder();
      for (String name : new TreeSet<>(found.stringPropertyNames()))
        out.append(coded(name)).append('=').append(coded(found.getProperty(name))).append(',');
      System.out.println(out);
    }
  }

  /** Half a surrogate pair stays one. */
  private static String coded(String text) {
    byte[] units = new byte[2 * text.length()];
    for (int i = 0; i < text.length(); i++) {
      units[2 * i] = (byte) (text.charAt(i) >> 8);
      units[2 * i + 1] = (byte) text.charAt(i);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(units);
  }
}
