package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
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
                "-Dlanewise.backend=simd is not to be had: this JVM does not see the vector module: pass --add-modules "
                        + "jdk.incubator.vector",
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
        assertProblem(
                "-Dlanewise.backend=simd is not to be had: this machine has no vectors of 128 bits",
                MODULE,
                "-XX:MaxVectorSize=8",
                "-Dlanewise.backend=simd");
    }

    @Test
    void slowFusedMultiplyAddsAreTold() throws Exception {
        Outcome outcome = launch(MODULE, "-XX:-UseFMA");
        assertThat(outcome.log).singleElement().asString().contains("no fused multiply-add in hardware");
        assertThat(outcome.hasFastFma).isFalse();
        assertThat(launch(MODULE).hasFastFma).isTrue();
    }

    /** As where the kernels have been packed into the module of an application. */
    @Test
    void aModuleThatDoesNotReadTheVectorModuleGetsScalarAndALineThatNamesTheFlag() throws Exception {
        String hint = "the module app does not read the vector module: pass --add-reads app=jdk.incubator.vector";
        Outcome outcome = run(inAModule(MODULE));
        assertThat(outcome.result).isEqualTo("scalar 32 " + hint);
        assertThat(outcome.log)
                .singleElement()
                .asString()
                .endsWith("WARNING: Lanewise runs on its scalar kernels: " + hint);

        Outcome asked = run(inAModule(MODULE, "-Dlanewise.backend=simd"));
        assertThat(asked.result)
                .isEqualTo("java.lang.IllegalStateException: -Dlanewise.backend=simd is not to be had: " + hint);

        assertThat(run(inAModule(MODULE, "--add-reads=app=jdk.incubator.vector")).result)
                .startsWith("simd ");
    }

    /** As in a bundle of OSGi, whose class loader hands on the packages of the JDK that it is told to. */
    @Test
    void aClassLoaderThatHidesTheVectorModuleGetsScalarAndALineThatSaysSo() throws Exception {
        String problem = "the vector module is there, but Lanewise cannot use it: ";
        Outcome outcome = run(List.of(MODULE, "-cp", classPath(), Bundle.class.getName()));
        assertThat(outcome.result)
                .startsWith("scalar 32 " + problem)
                .contains("NoClassDefFoundError: jdk/incubator/vector/");
        assertThat(outcome.log)
                .singleElement()
                .asString()
                .contains("WARNING: Lanewise runs on its scalar kernels: " + problem);

        Outcome asked = run(List.of(MODULE, "-Dlanewise.backend=simd", "-cp", classPath(), Bundle.class.getName()));
        assertThat(asked.result)
                .startsWith("java.lang.IllegalStateException: -Dlanewise.backend=simd is not to be had: " + problem);
    }

    private void assertProblem(String problem, String... flags) throws Exception {
        Outcome outcome = launch(flags);
        assertThat(outcome.result).isEqualTo("java.lang.IllegalStateException: " + problem);
        assertThat(outcome.log).isEmpty();
    }

    /** What the probe printed, and what was logged, without the line of its date and class. */
    private record Outcome(String result, boolean hasFastFma, List<String> log) {}

    private Outcome launch(String... flags) throws IOException, InterruptedException, URISyntaxException {
        List<String> words = new ArrayList<>(Arrays.asList(flags));
        words.addAll(List.of("-cp", classPath(), Probe.class.getName()));
        return run(words);
    }

    /** The words that start the probe in one module with the kernels, which requires nothing. */
    private List<String> inAModule(String... flags) throws IOException, URISyntaxException {
        Path module = Files.createDirectories(folder.resolve("module"));
        copy(pathOf(Diagnostics.class), module);
        copy(pathOf(Probe.class), module);
        Path source = Files.writeString(folder.resolve("module-info.java"), "module app {}");
        Files.delete(module.resolve("module-info.class"));
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        assertThat(javac.run(System.out, System.err, "-d", module.toString(), source.toString()))
                .isZero();
        List<String> words = new ArrayList<>(Arrays.asList(flags));
        words.addAll(List.of("-p", module.toString(), "-m", "app/" + Probe.class.getName()));
        return words;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Outcome run(List<String> words) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The name of a log level is translated.
        command.add("-Duser.language=en");
        command.addAll(words);
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

    private static String classPath() throws URISyntaxException {
        return pathOf(Diagnostics.class) + File.pathSeparator + pathOf(Probe.class);
    }

    private static Path pathOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
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

    /** Starts the probe, and the kernels, in a class loader of their own that sees all of the JDK but one module. */
    static final class Bundle {
        public static void main(String[] arguments) throws Exception {
            ClassLoader jdk = new ClassLoader(ClassLoader.getPlatformClassLoader()) {
                @Override
                protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                    if (name.startsWith("jdk.incubator.vector.")) {
                        throw new ClassNotFoundException(name);
                    }
                    return super.loadClass(name, resolve);
                }
            };
            URL[] bundle = {
                pathOf(Diagnostics.class).toUri().toURL(),
                pathOf(Probe.class).toUri().toURL()
            };
            try (URLClassLoader loader = new URLClassLoader(bundle, jdk)) {
                Method main = loader.loadClass(Probe.class.getName()).getMethod("main", String[].class);
                main.setAccessible(true);
                main.invoke(null, (Object) arguments);
            }
        }
    }
}
