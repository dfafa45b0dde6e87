package lanewise.benchmarks.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LadderTest {
    /** Below, at and above the sizes of tiles, blocks and vectors. */
    private static final Map<Ladder, List<String>> SHAPES = Map.of(
            Ladder.MATMUL,
            List.of(
                    "NN:1x1x1",
                    "NN:5x3x7",
                    "NN:6x256x64",
                    "NN:13x300x70",
                    "NN:29x1030x66",
                    "NN:200x513x67",
                    "NN:17x1x33"),
            Ladder.SOFTMAX,
            List.of("1x1", "3x10", "16x10", "37x10", "33x47", "5x48", "4x129", "2x1001"));

    @TempDir
    Path folder;

    static Stream<Arguments> steps() {
        return Arrays.stream(Ladder.values())
                .flatMap(ladder -> ladder.steps().stream()
                        .flatMap(step -> SHAPES.get(ladder).stream()
                                .map(shape -> Arguments.of(step.name(), work(ladder, shape), step))));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("steps")
    void everyStepAgreesWithTheOracle(String name, Work work, Step step) {
        Trial trial = step.on(work);
        trial.run();
        trial.check();
        // Once more: what a step keeps from one run must not show in the next.
        trial.run();
        trial.check();
    }

    /** Runs every step, and says how wide its vectors are. */
    public static final class Widths {
        private Widths() {}

        /** Says it. */
        public static void main(String[] args) throws Exception {
            for (Object[] arguments : (Iterable<Object[]>) steps().map(Arguments::get)::iterator) {
                Step step = (Step) arguments[2];
                Trial trial = step.on((Work) arguments[1]);
                trial.run();
                trial.check();
                for (Field field : step.getClass().getDeclaredFields()) {
                    if (field.getType().getSimpleName().equals("VectorSpecies")) {
                        field.setAccessible(true);
                        System.out.println(field.get(null));
                    }
                }
            }
        }
    }

    @Test
    void vectorsAreAsWideAsAskedFor() {
        List<String> widths =
                new Child().quiet().flags(List.of("-Dlanewise.vectorBits=128")).run(Widths.class, List.of());
        assertThat(widths).isNotEmpty().containsOnly("Species[float, 4, S_128_BIT]");
    }

    @Test
    void aLostProductIsFound() {
        MatmulStep loses = product((m, n, k, a, b, c) -> new Tile().multiply(m, n, k - 1, a, b, c));
        Trial trial = loses.on(work(Ladder.MATMUL, "NN:1x512x64"));
        trial.run();
        assertThatThrownBy(trial::check)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("row 0, column 0 is");
    }

    @Test
    void aSoftmaxWithoutTheMaximumIsFound() {
        Trial trial = new SoftmaxStep() {
            @Override
            public String idea() {
                return "no maximum";
            }

            @Override
            public void softmax(int rows, int cols, float[] x, float[] y) {
                float sum = 0;
                for (int j = 0; j < cols; j++) {
                    y[j] = (float) Math.exp(x[j]);
                    sum += y[j];
                }
                DoubleExp.scale(cols, y, 0, 1 / sum);
            }
        }.on(work(Ladder.SOFTMAX, "1x100"));
        trial.run();
        assertThatThrownBy(trial::check)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is NaN (expected");
    }

    /** The exponential of the ladder against StrictMath in double, over its whole range. */
    @Test
    void theExponentialIsWithinTwoUlps() {
        for (float x = 0; x >= FloatExp.SMALLEST; x -= 0x1p-12f) {
            double expected = StrictMath.exp(x);
            assertThat(Math.abs(FloatExp.exp(x) - expected)).isLessThanOrEqualTo(2 * Math.ulp((float) expected));
        }
        assertThat(FloatExp.exp(-100)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void thePageNamesTheStepsThatThereAre(Ladder ladder) {
        List<String> names = ladder.steps().stream().map(Step::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(ladder.page().steps()).isEqualTo(names);
    }

    @ParameterizedTest
    @EnumSource
    void theTableReplacesTheOldOneAndNothingElse(Ladder ladder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("page.md"), "# Before\n\n<!-- table -->\nold\n<!-- end of table -->\n\nAfter\n");
        Map<Step, List<Measurement>> measured = new LinkedHashMap<>();
        for (Step step : ladder.steps()) {
            measured.put(
                    step,
                    ladder.works().stream()
                            .map(work -> new Measurement(work, work.flops() / 5e9, 1, 0.0249, 0))
                            .toList());
        }
        Page page = new Page(ladder, file);
        page.write(page.table(measured));
        assertThat(page.steps())
                .isEqualTo(ladder.steps().stream().map(Step::name).toList());
        assertThat(Files.readString(file))
                .startsWith("# Before\n\n<!-- table -->\n\nMeasured by")
                .containsPattern(
                        "\nMeasured by `ladder " + ladder + " --write` on \\d+ \\p{L}+ \\d{4}, on one thread of: ")
                .endsWith("|\n\n<!-- end of table -->\n\nAfter\n")
                .contains(" 5.0 | 2.5 % |", ladder.works().get(0).shape().sizes())
                .doesNotContain("old\n");
    }

    @Test
    void theFasterJvmCountsWhateverItsShare() {
        Work work = work(Ladder.SOFTMAX, "100x1000");
        Measurement faster = new Measurement(work, 0.1, 0.02, 0.2, 0);
        Measurement slower = new Measurement(work, 0.2, 0.06, 0.3, 0);
        assertThat(Climb.fastest(List.of(faster, slower))).containsExactly(faster);
        assertThat(Climb.fastest(List.of(slower, faster))).containsExactly(faster);
    }

    @Test
    void anUnknownLadderIsRefused() {
        assertThatThrownBy(() -> Climb.run(System.out, "conv", true))
                .isInstanceOf(Failure.class)
                .hasMessage("no such ladder: conv (expected matmul or softmax)")
                .extracting(failure -> ((Failure) failure).status())
                .isEqualTo(Failure.USAGE);
    }

    private static Work work(Ladder ladder, String shape) {
        return Work.parse(ladder.works().get(0).kernel() + " " + shape + " 1");
    }

    private interface Product {
        void multiply(int m, int n, int k, float[] a, float[] b, float[] c);
    }

    private static MatmulStep product(Product product) {
        return new MatmulStep() {
            @Override
            public String idea() {
                return "a product";
            }

            @Override
            public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
                product.multiply(m, n, k, a, b, c);
            }
        };
    }
}
