package lanewise.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lanewise.trainer.data.IdxBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in the README and beside it compile and do what they say, beside a data/mnist that is very small. */
@Tag("own-mode")
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);

    @TempDir
    Path folder;

    @BeforeEach
    void writeData() throws IOException {
        IdxBytes.writeFolder(folder.resolve("data/mnist"));
    }

    /** In one JVM, in their order: later ones use the model that the first one keeps. */
    @Test
    void theProgramsRun() throws Exception {
        List<String> names = write("README.md");
        assertThat(names).containsExactly("Train", "Predict", "Network", "Evaluate", "Kernels");
        List<String> more = write("docs/library.md");
        assertThat(more).containsExactly("Products", "Shared", "Serving", "Large", "Raw");
        names.add("Large");
        names.add("Raw");
        StringBuilder all = new StringBuilder("class All {\n    public static void main(String[] args) {\n");
        names.forEach(name -> all.append("        ").append(name).append(".main(args);\n"));
        Files.writeString(folder.resolve("All.java"), all + "    }\n}\n");

        String classPath = System.getProperty("java.class.path");
        run(
                "javac",
                "-cp",
                classPath,
                "-sourcepath",
                ".",
                "-d",
                ".",
                "All.java",
                "Products.java",
                "Shared.java",
                "Serving.java");
        assertThat(run(
                        "java",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        classPath + File.pathSeparator + ".",
                        "All"))
                .containsPattern("the first image is a [012], with probability 0\\.\\d")
                .containsPattern("epoch 1: test error \\d")
                .containsPattern("epoch 5: test error \\d")
                .containsPattern("accuracy \\d")
                .containsPattern("(\\[\\d, \\d, \\d\\]\n){3}")
                .containsPattern(
                        "\\[0\\.03\\d+, 0\\.08\\d+, 0\\.2\\d+, 0\\.6\\d+, 0\\.00\\d+, 0\\.0\\d+, 0\\.2\\d+, 0\\.6\\d+\\]")
                .containsPattern("class [012]\n");
        assertThat(folder.resolve("model.safetensors")).isNotEmptyFile();
        assertThat(folder.resolve("train.rows")).isNotEmptyFile();
    }

    /** Writes each program under the name of its class. */
    private List<String> write(String page) throws IOException {
        List<String> names = new ArrayList<>();
        Matcher program = PROGRAM.matcher(Files.readString(ROOT.resolve(page)));
        while (program.find()) {
            Matcher name = NAME.matcher(program.group(1));
            assertThat(name.find()).isTrue();
            names.add(name.group(1));
            Files.writeString(folder.resolve(name.group(1) + ".java"), program.group(1));
        }
        return names;
    }

    private String run(String program, String... words) throws Exception {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(words));
        command.add(0, Path.of(System.getProperty("java.home"), "bin", program).toString());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor()).as(() -> read(out)).isZero();
        return read(out);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
