package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JVM has one backend and one vector width, so each mode trains in a JVM of its own; the bits of the models are compared. */
@Tag("own-mode")
class BackendParityTest {
    private static final String[] VECTORS = {"--add-modules", "jdk.incubator.vector"};

    @Test
    void everyBackendAndWidthTrainsTheSameBits() throws Exception {
        List<Process> modes = List.of(
                start(VECTORS),
                start(VECTORS, "-Dlanewise.vectorBits=128"),
                start(VECTORS, "-Dlanewise.vectorBits=256"),
                // Half the registers, too.
                start(VECTORS, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2"),
                start(VECTORS, "-Dlanewise.backend=scalar"),
                start());
        List<String> lines = new ArrayList<>();
        for (Process mode : modes) {
            String output = new String(mode.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(mode.waitFor()).as(output).isZero();
            lines.add(output.lines().reduce((first, second) -> second).orElseThrow());
        }
        Set<String> bits = lines.stream().map(line -> line.split(" ")[1]).collect(Collectors.toSet());
        assertThat(bits).as(lines.toString()).hasSize(1);
        assertThat(lines.get(0)).startsWith("simd");
        assertThat(lines.get(5)).startsWith("scalar");
    }

    private static Process start(String[] vectors, String... options) throws IOException {
        return start(Stream.of(vectors, options).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private static Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Trains one model of each kind and prints a hash of their bits. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Dataset wide = Problems.clusters(503, 784, 10, 1);
            Model softmax = Model.softmaxRegression(784, 10, false);
            Trainer.builder().epochs(3).threads(2).build().fit(softmax, wide, wide);

            Dataset small = Problems.clusters(303, 33, 5, 2);
            Model mlp = Model.mlp(33, List.of(40, 7), 5, true, 3);
            Trainer.builder()
                    .epochs(3)
                    .learningRate(.02f)
                    .batch(17)
                    .momentum(.9f)
                    .nesterov(true)
                    .weightDecay(.01f)
                    .shuffle(true)
                    .build()
                    .fit(mlp, small, small);

            Dataset sparse = SparseStepTest.sparse(10);
            Model ofSparse = Model.softmaxRegression(sparse.features(), 10, true);
            Trainer.builder().epochs(3).threads(2).build().fit(ofSparse, sparse, sparse);
            System.out.println(Diagnostics.backend() + " "
                    + List.of(Problems.bits(softmax), Problems.bits(mlp), Problems.bits(ofSparse))
                            .hashCode());
        }
    }
}
