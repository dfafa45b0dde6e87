package lanewise.benchmarks.scoreboard;

import java.io.PrintStream;
import java.util.List;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.race.Ceilings;
import lanewise.kernels.Diagnostics;

/** The ceilings of the machine, each measured in a JVM of its own: FMAs in registers at each width, and memory. */
public final class MachineCeilings {
    /** Two arrays of 128 MB: more than any cache that a core is given. */
    private static final int STREAM = 32 << 20;

    private MachineCeilings() {}

    /** Measures and prints a line for each. */
    static void print(PrintStream out) {
        for (int bits : List.of(128, 256, 512)) {
            if (bits <= Diagnostics.vectorBits()) {
                fma(out, bits, 1);
            }
        }
        fma(out, Diagnostics.vectorBits(), 2);
        for (int threads : List.of(1, 2)) {
            String rate = new Child()
                    .run(MachineCeilings.class, List.of("stream", "" + threads))
                    .get(0);
            out.printf(
                    "ceiling: memory, %d thread%s: %s GB/s (y = 0.5 x over arrays of 128 MB, read and written)%n",
                    threads, threads == 1 ? "" : "s", rate);
        }
    }

    private static void fma(PrintStream out, int bits, int threads) {
        String rate = new Child()
                .flags(List.of("-Dlanewise.vectorBits=" + bits))
                .run(MachineCeilings.class, List.of("fma", "" + threads))
                .get(0);
        out.printf(
                "ceiling: FMA at %d bits, %d thread%s: %s GFLOP/s (independent chains in registers, 2 an FMA and lane)%n",
                bits, threads, threads == 1 ? "" : "s", rate);
    }

    /**
     * Prints one figure.
     *
     * @param args {@code fma} or {@code stream}, and the number of threads
     */
    public static void main(String[] args) {
        int threads = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "fma" -> System.out.println(Table.threeDigits(Diagnostics.fmaCeiling(threads)));
            case "stream" -> {
                try (Ceilings.Stream stream = new Ceilings.Stream(STREAM, threads)) {
                    double best = 0;
                    for (int run = 0; run < 20; run++) {
                        long start = System.nanoTime();
                        stream.run();
                        best = Math.max(best, stream.amount() / (System.nanoTime() - start));
                    }
                    System.out.println(Table.threeDigits(best));
                }
            }
            default -> throw new Failure(Failure.USAGE, "no such ceiling: " + args[0]);
        }
    }
}
