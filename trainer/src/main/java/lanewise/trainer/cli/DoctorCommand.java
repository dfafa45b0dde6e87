package lanewise.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import tools.jackson.core.JsonGenerator;

/** Tells what Lanewise runs on, tests every kernel, and measures the ceiling of the machine. */
final class DoctorCommand implements Command {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    @Override
    public String summary() {
        return "Tells what Lanewise runs on, and tests every kernel; ends with status 1 if something is wrong.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(JsonOutput.OPTION);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        JsonOutput json = new JsonOutput(arguments, console, new TakenFiles());
        console.checkBackend();
        Findings findings = Findings.collect();
        if (json.leavesText()) {
            findings.print(console);
        }
        json.write(findings::write);
        if (!findings.faults.isEmpty()) {
            throw new LanewiseException(ExitCode.FAILED, String.join("; ", findings.faults)).at("doctor");
        }
        return ExitCode.OK;
    }

    /**
     * What there is to say.
     *
     * @param ceilings GFLOP/s on one thread, and on all of them if there are more
     * @param faults what is wrong: false results, or kernels slower than the machine allows
     */
    private record Findings(
            String java,
            String cpu,
            int threads,
            boolean fastFma,
            List<Diagnostics.Result> selfTest,
            List<Double> ceilings,
            List<String> faults) {

        static Findings collect() {
            int threads = Runtime.getRuntime().availableProcessors();
            String java = Runtime.version() + ", " + System.getProperty("java.vm.name") + ", "
                    + System.getProperty("java.vm.vendor");
            boolean fastFma = Diagnostics.hasFastFma();
            List<Diagnostics.Result> selfTest = Diagnostics.selfTest();
            List<Double> ceilings = Stream.of(1, threads)
                    .distinct()
                    .map(Diagnostics::fmaCeiling)
                    .toList();
            return new Findings(java, cpuModel(), threads, fastFma, selfTest, ceilings, faults(selfTest, fastFma));
        }

        private static List<String> faults(List<Diagnostics.Result> selfTest, boolean fastFma) {
            List<String> faults = new ArrayList<>();
            for (Diagnostics.Result result : selfTest) {
                if (!result.passed()) {
                    faults.add(result.name() + " fails its self-test (" + result.detail() + ")");
                }
            }
            if (!fastFma) {
                faults.add("this JVM has no fused multiply-add in hardware");
            }
            boolean asked = System.getProperty("lanewise.backend", "auto").equals("scalar");
            if (Diagnostics.backend().equals("scalar") && !asked) {
                faults.add("the kernels are not vectorised: " + Diagnostics.reason());
            }
            return faults;
        }

        private static String cpuModel() {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }

        void print(Console console) {
            console.line("java       " + java);
            console.line("cpu        " + cpu);
            console.line("threads    " + threads);
            console.line("backend    " + Diagnostics.backend() + ": " + Diagnostics.reason());
            console.line("vectors    " + Diagnostics.vectorBits() + " bits");
            console.line("fma        " + (fastFma ? "in hardware" : "in software"));
            console.line("ceiling    " + gflops(0) + " GFLOP/s on one thread");
            if (ceilings.size() > 1) {
                console.line("           " + gflops(1) + " GFLOP/s on " + threads);
            }
            for (Diagnostics.Result result : selfTest) {
                String name = result.name()
                        + " ".repeat(Math.max(1, 16 - result.name().length()));
                console.line("self-test  " + name + (result.passed() ? "passed: " : "FAILED: ") + result.detail());
            }
        }

        private String gflops(int i) {
            return Text.padded(String.format(Locale.ROOT, "%.1f", ceilings.get(i)), 6);
        }

        void write(JsonGenerator json) {
            json.writeStringProperty("java", java);
            json.writeStringProperty("cpu", cpu);
            json.writeNumberProperty("threads", threads);
            json.writeStringProperty("backend", Diagnostics.backend());
            json.writeStringProperty("reason", Diagnostics.reason());
            json.writeNumberProperty("vector_bits", Diagnostics.vectorBits());
            json.writeBooleanProperty("fast_fma", fastFma);
            json.writeNumberProperty("ceiling_gflops_one_thread", ceilings.get(0));
            json.writeNumberProperty("ceiling_gflops", ceilings.get(ceilings.size() - 1));
            json.writeArrayPropertyStart("self_test");
            for (Diagnostics.Result result : selfTest) {
                json.writeStartObject();
                json.writeStringProperty("kernel", result.name());
                json.writeBooleanProperty("passed", result.passed());
                json.writeStringProperty("detail", result.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("faults");
            faults.forEach(json::writeString);
            json.writeEndArray();
        }
    }
}
