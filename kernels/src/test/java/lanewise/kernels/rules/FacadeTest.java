package lanewise.kernels.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each facade says where its operation comes from, and the README names them all. */
class FacadeTest {
    @Test
    void everyFacadeHasASource() throws IOException {
        assertThat(facades())
                .hasSizeGreaterThan(10)
                .allSatisfy((name, text) ->
                        assertThat(text.contains("<b>Source.</b>")).as(name).isTrue());
    }

    @Test
    void theReadmeNamesEveryFacade() throws IOException {
        String line = Files.readString(Path.of("..", "README.md"))
                .lines()
                .filter(text -> text.startsWith("The kernels `"))
                .findFirst()
                .orElseThrow();
        assertThat(facades().keySet()).allSatisfy(name -> assertThat(line).contains('`' + name + '`'));
    }

    /** The sources of the classes that hand their calls to a kernel, by name. */
    private static Map<String, String> facades() throws IOException {
        Map<String, String> facades = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/lanewise/kernels"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                if (text.contains(" KERNEL = Backend.active()")) {
                    facades.put(file.getFileName().toString().replace(".java", ""), text);
                }
            }
        }
        return facades;
    }
}
