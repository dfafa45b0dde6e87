package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice of the backend, in JVMs of their own, since a JVM chooses once. */
@Tag("own-mode")
class LookUpTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    @TempDir
    private Path folder;

    @Test
    void theVectorModuleMakesItSimd() throws Exception {
        Outcome outcome = launch(MODULE);
        assertThat(outcome.result).startsWith("simd ").endsWith(" the vector module is there, and the JVM compiles it");
        assertThat(outcome.log).isEmpty();
    }

    @Test
    void withoutTheModuleItIsScalarAndOneLineNamesTheFlag() throws Exception {
        Outcome outcome = launch();
        assertThat(outcome.result)
                .isEqualTo(
                        "scalar 32 this JVM does not see the vector module: pass --add-modules jdk.incubator.vector");
        assertThat(outcome.log)
                .singleElement()
                .asString()
                .endsWith("WARNING: Lanewise runs on its scalar kernels: this JVM does not see the vector module: "
                        + "pass --add-modules jdk.incubator.vector");
    }

    @Test
    void scalarAskedForIsNoNews() throws Exception {
        Outcome outcome = launch("-Dlanewise.backend=scalar");
        assertThat(outcome.result).isEqualTo("scalar 32 asked for with -Dlanewise.backend=scalar");
        assertThat(outcome.log).isEmpty();
    }

    @Test
    void simdAskedForAndThere() throws Exception {
        Outcome outcome = launch(MODULE, "-Dlanewise.backend=simd", "-Dlanewise.vectorBits=128");
        assertThat(outcome.result).isEqualTo("simd 128 asked for with -Dlanewise.backend=simd");
        assertThat(outcome.log).isEmpty();
    }

    @Test
    void simdAskedForIsSimdWhateverTheCompiler() throws Exception {
        Outcome outcome = launch(MODULE, "-Dlanewise.backend=simd", "-XX:TieredStopAtLevel=1");
        assertThat(outcome.result).startsWith("simd ").endsWith(" asked for with -Dlanewise.backend=simd");
    }

    @Test
    void simdAskedForAndNotThereIsAnErrorEachTime() throws Exception {
        assertProblem(
                "-Dlanewise.backend=simd needs the vector module: pass --add-modules jdk.incubator.vector",
                "-Dlanewise.backend=simd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "1024", "0256", "wide", ""})
    void anotherWidthIsAnErrorEachTime(String bits) throws Exception {
        String problem = "-Dlanewise.vectorBits is " + bits + " (expected 128, 256 or 512)";
        assertProblem(problem, MODULE, "-Dlanewise.vectorBits=" + bits);
    }

    @Test
    void theWidthIsCheckedWhateverTheBackend() throws Exception {
        String problem = "-Dlanewise.vectorBits is 64 (expected 128, 256 or 512)";
        assertProblem(problem, "-Dlanewise.vectorBits=64", "-Dlanewise.backend=scalar");
        assertProblem(problem, "-Dlanewise.vectorBits=64");
    }

    @Test
    void anotherBackendIsAnErrorEachTime() throws Exception {
        assertProblem("-Dlanewise.backend is cuda (expected auto, simd or scalar)", "-Dlanewise.backend=cuda");
    }

    /** Not on x86 the first flag is unknown and ignored; vectors of 512 bits are then too wide all the same. */
    @Test
    void aWidthThatTheCpuLacksBecomesTheWidest() throws Exception {
        Outcome outcome =
                launch(MODULE, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2", "-Dlanewise.vectorBits=512");
        String bits = outcome.result.split(" ")[1];
        assertThat(bits).isIn("128", "256");
        assertThat(outcome.log)
                .singleElement()
                .asString()
                .endsWith("WARNING: -Dlanewise.vectorBits=512 is more than this CPU has: using " + bits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
    void withoutTheOptimisingCompilerItIsScalar(String flag) throws Exception {
        Outcome outcome = launch(MODULE, flag);
        assertThat(outcome.result).startsWith("scalar 32 the optimising compiler is off (");
        assertThat(outcome.log).singleElement().asString().contains("the optimising compiler is off");
    }

    @Test
    void vectorsNarrowerThan128BitsAreNoUse() throws Exception {
        Outcome outcome = launch(MODULE, "-XX:MaxVectorSize=8");
        assertThat(outcome.result).isEqualTo("scalar 32 this machine has no vectors of 128 bits");
    }

    @Test
    void slowFusedMultiplyAddsAreTold() throws Exception {
        Outcome outcome = launch(MODULE, "-XX:-UseFMA");
        assertThat(outcome.log).singleElement().asString().contains("no fused multiply-add in hardware");
        assertThat(outcome.hasFastFma).isFalse();
        assertThat(launch(MODULE).hasFastFma).isTrue();
    }

    private void assertProblem(String problem, String... flags) throws Exception {
        Outcome outcome = launch(flags);
        assertThat(outcome.result).isEqualTo("java.lang.IllegalStateException: " + problem);
        assertThat(outcome.log).isEmpty();
    }

    /** What the probe printed, and what was logged, without the line of its date and class. */
    private record Outcome(String result, boolean hasFastFma, List<String> log) {}

    private Outcome launch(String... flags) throws IOException, InterruptedException, URISyntaxException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The name of a log level is translated.
        command.add("-Duser.language=en");
        command.addAll(Arrays.asList(flags));
        command.add("-cp");
        command.add(pathOf(Diagnostics.class) + System.getProperty("path.separator") + pathOf(Probe.class));
        command.add(Probe.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("%s ended", command).isTrue();
        String errors = Files.readString(err, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(errors).isZero();

        List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        // All three questions, and each a second time, have the same answer.
        assertThat(lines).hasSizeGreaterThanOrEqualTo(3);
        assertThat(lines.get(1)).isEqualTo(lines.get(0));
        List<String> log = errors.lines()
                .filter(line -> line.startsWith("WARNING: ") && !line.contains("incubator modules"))
                .toList();
        assertThat(log)
                .isEqualTo(lines.stream().skip(3).map("WARNING: "::concat).toList());
        return new Outcome(lines.get(0), Boolean.parseBoolean(lines.get(2)), log);
    }

    private static String pathOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** Asks which backend there is, twice. */
    static final class Probe {
        public static void main(String[] arguments) {
            System.out.println(answer());
            System.out.println(answer());
            System.out.println(Diagnostics.hasFastFma());
            try {
                Diagnostics.warnings().forEach(System.out::println);
            } catch (IllegalStateException e) {
                // There is no backend, as the answers say.
            }
        }

        private static String answer() {
            try {
                return Diagnostics.backend() + " " + Diagnostics.vectorBits() + " " + Diagnostics.reason();
            } catch (Throwable t) {
                return t.toString();
            }
        }
    }
}
