package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.io.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as a process of its own: what only a JVM that ends can show. */
@Tag("own-mode")
@Timeout(120)
class ProcessTest {
    private static final String ADD_MODULES = "--add-modules=jdk.incubator.vector";

    /** One of which the lines are more than a pipe holds. */
    private static final Object[] RECIPE = {
        "--epochs", 500, "--batch", 3, "--lr", "0.001", "--momentum", "0.9", "--shuffle"
    };

    @TempDir
    Path folder;

    private Path data;
    private Path err;

    @BeforeEach
    void writeData() throws IOException {
        data = folder.resolve("data");
        err = folder.resolve("err");
        IdxBytes.writeFolder(data);
    }

    private Process start(List<String> flags, Object... words) throws IOException {
        return start(Redirect.PIPE, flags, words);
    }

    private Process start(Redirect out, List<String> flags, Object... words) throws IOException {
        return start(Main.class, out, flags, words);
    }

    private Process start(Class<?> main, Redirect out, List<String> flags, Object... words) throws IOException {
        // A shell without job control has the processes behind it ignore SIGINT.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err.toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder.start();
    }

    private static String out(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return out;
    }

    @Test
    void worksWithoutTheVectorModuleAndNamesTheFlag() throws Exception {
        Process process = start(List.of(), "train", "--data", data);

        assertThat(out(process)).hasLineCount(11);
        assertThat(process.exitValue()).isZero();
        assertThat(err)
                .content()
                .contains("note: Lanewise runs on its scalar kernels: this JVM does not see the vector module: "
                        + "pass --add-modules jdk.incubator.vector\n")
                .doesNotContain("lanewise:");
    }

    @Test
    void quietSilencesTheKernelsToo() throws Exception {
        Process process = start(List.of(), "train", "--data", data, "--quiet");

        assertThat(out(process)).hasLineCount(11);
        assertThat(err).isEmptyFile();
    }

    @Test
    void aPropertyThatMakesNoSenseIsAUsageError() throws Exception {
        Process process = start(List.of(ADD_MODULES, "-Dlanewise.backend=none"), "train", "--data", data);

        assertThat(out(process)).isEmpty();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(err).content().endsWith("lanewise: -Dlanewise.backend is none (expected auto, simd or scalar)\n");
    }

    /** The kernels have begun to warm up when the words are found to make no sense. */
    @Test
    void aUsageErrorStandsAlone() throws Exception {
        Process process = start(List.of(), "train", "--nesterov");

        assertThat(out(process)).isEmpty();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(err).hasContent("lanewise: --nesterov: needs a momentum (expected --momentum above 0, found 0)\n");
    }

    @Test
    void doctorFindsFaultWithAJvmThatDoesNotSeeTheVectorModule() throws Exception {
        Process process = start(List.of(), "doctor");

        assertThat(out(process)).contains("backend    scalar: this JVM does not see the vector module");
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(err).content().contains("lanewise: doctor: the kernels are not vectorised: this JVM does not see");
    }

    @Test
    void aSignalEndsARunAndLeavesNoModel() throws Exception {
        Path model = Files.writeString(folder.resolve("model"), "old");
        Path log = folder.resolve("log");
        Process process = start(
                Redirect.DISCARD,
                List.of(ADD_MODULES),
                "train",
                "--data",
                data,
                "--epochs",
                1_000_000,
                "--out",
                model,
                "--json",
                log);
        awaitContent(process, log);
        process.destroy();

        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(model).hasContent("old");
        assertThat(log).content().endsWith("}\n");
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().contains("tmp"));
    }

    /** What is kept is not what was saved a while ago: it has every epoch that was reported. */
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalThatIsObeyedSavesTheRun(String name, int status) throws Exception {
        Path run = folder.resolve("run");
        Path metrics = run.resolve("metrics.jsonl");
        Process process = start(
                Redirect.DISCARD, List.of(ADD_MODULES), "train", "--data", data, "--epochs", 1_000_000, "--run", run);
        awaitContent(process, metrics);
        signal(process, name);

        assertThat(process.waitFor()).isEqualTo(status);
        assertThat(err).content().endsWith("note: interrupted; --resume goes on where it was\n");
        int epochs = Files.readAllLines(metrics).size();
        assertThat(Safetensors.read(run.resolve("checkpoint.safetensors")).tensors())
                .filteredOn(tensor -> tensor.name().equals("epochs"))
                .singleElement()
                .satisfies(reports -> assertThat(reports.shape()[0]).isEqualTo(epochs));
    }

    /** Whoever sends a signal waits five seconds. */
    @Test
    void aSignalThatCannotBeObeyedEndsARunInTime() throws Exception {
        Process process = startStuck(folder.resolve("run"));
        signal(process, "INT");

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
    }

    /** The exit code is that of the first, though the process would give itself two minutes. */
    @Test
    void aSecondSignalDoesNotWait() throws Exception {
        Process process = start(DeafProgram.class, Redirect.PIPE, List.of());
        for (String name : List.of("INT", "TERM")) {
            assertThat(process.getInputStream().read()).isEqualTo(DeafProgram.READY);
            signal(process, name);
        }

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
    }

    @Test
    void aRunThatWasEndedAtOnceGoesOn() throws Exception {
        Path run = folder.resolve("run");
        Process process = startStuck(run);
        Run.of("train", "--resume", run).failed(ExitCode.LOCKED, run + ": locked by pid " + process.pid());
        signal(process, "INT");
        assertThat(process.isAlive()).isTrue();
        signal(process, "INT");
        assertThat(process.waitFor()).isEqualTo(130);

        Path resumed = folder.resolve("resumed");
        Path whole = folder.resolve("whole");
        Run.of("train", "--resume", run, "--out", resumed).succeeded();
        Run.of(concat(new Object[] {"train", "--data", data, "--out", whole}, RECIPE))
                .succeeded();
        assertThat(resumed).hasSameBinaryContentAs(whole);
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(500);
    }

    /** Nobody reads what it prints, so it stands still when the pipe is full, and cannot obey a signal. */
    private Process startStuck(Path run) throws Exception {
        Object[] words = concat(new Object[] {"train", "--data", data, "--run", run, "--json", "-"}, RECIPE);
        Process process = start(Redirect.PIPE, List.of("-Dlanewise.backend=scalar"), words);
        awaitStandstill(process, run.resolve("metrics.jsonl"));
        return process;
    }

    private static Object[] concat(Object[] a, Object[] b) {
        return Stream.concat(Stream.of(a), Stream.of(b)).toArray();
    }

    /** Unlike Process.destroy this leaves the pipes open. */
    private static void signal(Process process, String name) throws Exception {
        ProcessBuilder kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()));
        assertThat(kill.start().waitFor()).isZero();
    }

    private static void awaitContent(Process process, Path file) throws Exception {
        while (!Files.exists(file) || Files.size(file) == 0) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
    }

    /** Waits until a file is there that does not grow. */
    private static void awaitStandstill(Process process, Path file) throws Exception {
        long before = -1;
        long size = 0;
        while (size == 0 || size != before) {
            Thread.sleep(150);
            assertThat(process.isAlive()).isTrue();
            before = size;
            size = Files.exists(file) ? Files.size(file) : 0;
        }
    }

    /** As {@code predict | head -1} does: the reader goes after the first line. */
    @Test
    void aPipeThatNobodyReadsEndsTheCommandQuietly() throws Exception {
        Path model = folder.resolve("model");
        Path images = folder.resolve("images");
        Run.of("train", "--data", data, "--epochs", 1, "--out", model).succeeded();
        Files.write(images, IdxBytes.images(100_000, 2, 3));
        Process process = start(List.of(), "predict", model, images);
        process.getInputStream().read();
        process.getInputStream().close();

        assertThat(process.waitFor()).isEqualTo(141);
        assertThat(err).content().doesNotContain("lanewise:");
    }

    @Test
    void resultsThatDoNotGetOutAreAnError() throws Exception {
        Redirect full = Redirect.to(new File("/dev/full"));
        Process process = start(full, List.of(), "train", "--data", data, "--out", folder.resolve("model"));

        assertThat(process.waitFor()).isEqualTo(74);
        assertThat(err).content().endsWith("lanewise: stdout: the results could not be written\n");
        assertThat(folder.resolve("model")).exists();
    }
}
