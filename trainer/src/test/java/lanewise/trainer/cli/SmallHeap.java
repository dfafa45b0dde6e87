package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import org.junit.jupiter.api.io.TempDir;

/** Processes with a small heap, and data that do not fit it. */
abstract class SmallHeap {
    static final int HEAP_MIB = 32;

    @TempDir
    Path folder;

    final Process start(Object... words) throws IOException {
        return startWith(HEAP_MIB, words);
    }

    final Process startWith(int heapMib, Object... words) throws IOException {
        return startOn(2, heapMib, words);
    }

    final Process startOn(int cores, int heapMib, Object... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Left to itself the JVM takes another collector on one core, which keeps a part of -Xmx to itself; and on many
        // cores a run has many threads, each of which takes memory.
        command.addAll(List.of("-XX:+UseG1GC", "-XX:ActiveProcessorCount=" + cores));
        command.addAll(List.of("-Xmx" + heapMib + "m", "-XX:MaxDirectMemorySize=4m"));
        command.add("-Dlanewise.backend=scalar");
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(folder.resolve("err").toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder.start();
    }

    final void assertSucceeds(Process process) throws Exception {
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err")).content().doesNotContain("lanewise:", "Exception");
        assertThat(process.exitValue()).isZero();
    }

    static Object[] words(Object[] first, Object... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
    }

    final Path[] images(int rows, ImageShape shape) {
        Random random = new Random(1);
        byte[] pixels = new byte[rows * shape.height() * shape.width()];
        random.nextBytes(pixels);
        int[] labels = random.ints(rows, 0, 10).toArray();
        for (int i = 0; i < rows; i++) {
            pixels[i * shape.height() * shape.width() + labels[i]] = -1;
        }
        Path[] files = {folder.resolve("images.idx"), folder.resolve("labels.idx")};
        DataWriter.to(files[0], files[1]).write(Dataset.ofPixels(pixels, rows, shape, labels, 10));
        return files;
    }

    /** A thousand sparse rows again and again, far more than the heap could hold; a line for each of the thousand. */
    final List<String> sparse(Path file, int rows) throws IOException {
        Random random = new Random(2);
        List<String> lines = Stream.generate(() -> {
                    int label = random.nextInt(3);
                    StringBuilder line = new StringBuilder().append(label);
                    for (int column = random.nextInt(9); column < 900; column += 1 + random.nextInt(60)) {
                        int value = random.nextInt(99_999) + (column % 3 == label ? 50_000 : 0);
                        line.append(' ').append(column + 1).append(":.").append(value);
                    }
                    return line.append('\n').toString();
                })
                .limit(1_000)
                .toList();
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        try (OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(drawn) : drawn) {
            out.write(String.join("", lines).getBytes(US_ASCII));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int row = 0; row < rows; row += lines.size()) {
                drawn.writeTo(out);
            }
        }
        return lines;
    }

    /** The heap that the error asks for. */
    final int askedFor() throws IOException {
        Matcher asked = Pattern.compile("-Xmx([0-9]+)m").matcher(Files.readString(folder.resolve("err")));
        assertThat(asked.find()).isTrue();
        return Integer.parseInt(asked.group(1));
    }

    final void assertRefused(ExitCode code, String line, Process process) throws Exception {
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(folder.resolve("err")).stream().filter(text -> !text.startsWith("note: ")))
                .containsExactly("lanewise: " + line);
        assertThat(process.exitValue()).isEqualTo(code.status());
        assertThat(folder).isDirectoryNotContaining("glob:**.rows");
    }
}
