package lanewise.benchmarks.check;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.race.Work;
import lanewise.kernels.Diagnostics;

/**
 * Proves that layer B of the check works: kernels slowed by 15 % and by 30 % on purpose are caught, five times of five, by one
 * of them at least, and unchanged code passes, ten times with every core busy and ten times on the machine as it is. Takes
 * three quarters of an hour.
 */
public final class ProveCheck {
    private static final int SLOWED_RUNS = 5;
    private static final int UNCHANGED_RUNS = 10;

    /** The kernels that the slowed backend slows. */
    private static final Set<String> SLOWED = Set.of("sgemm", "exp", "softmax", "cross-entropy-gradient");

    private final PrintStream out;
    private final List<String> wrong = new ArrayList<>();
    private int inconclusive;

    ProveCheck(PrintStream out) {
        this.out = out;
    }

    /**
     * The verb {@code prove-check}.
     *
     * @param out where to print every run
     * @throws Failure if one run did not end as it should
     */
    public static void run(PrintStream out) {
        Baseline baseline = Baseline.find();
        if (baseline == null || !baseline.knowsAll()) {
            throw new Failure(Failure.USAGE, "prove-check needs a baseline of every kernel: run check first");
        }
        ProveCheck proof = new ProveCheck(out);
        out.println(Machine.describe());
        String slowed =
                SlowedKernels.compile(Checkout.root().resolve("benchmarks")).toString();
        for (double share : List.of(0.15, 0.30)) {
            Supplier<Child> child = () -> new Child().before(slowed).flags(List.of("-Dlanewise.slowed=" + share));
            List<Work> caught = new ArrayList<>();
            for (int run = 1; run <= SLOWED_RUNS; run++) {
                caught.addAll(proof.expect("slowed by %.0f %%, run %d".formatted(100 * share, run), child, true));
            }
            out.println();
            tally(caught).forEach(line -> out.printf("== slowed by %.0f %%, %s%n", 100 * share, line));
        }
        try (Load load = new Load(Runtime.getRuntime().availableProcessors())) {
            for (int run = 1; run <= UNCHANGED_RUNS; run++) {
                proof.expect("unchanged, %d cores busy, run %d".formatted(load.cores(), run), Child::new, false);
            }
        }
        for (int run = 1; run <= UNCHANGED_RUNS; run++) {
            proof.expect("unchanged, run " + run, Child::new, false);
        }
        out.println(proof.verdict());
    }

    /** The last line. */
    String verdict() {
        String undecided = "%d of %d unchanged runs were inconclusive".formatted(inconclusive, 2 * UNCHANGED_RUNS);
        if (!wrong.isEmpty()) {
            throw new Failure(Failure.FAILED, "not as it should be: " + String.join("; ", wrong) + "; " + undecided);
        }
        return "the check caught what it should and let pass what it should; " + undecided;
    }

    /** How often each slowed kernel was caught: a run counts as caught by any of them. */
    static List<String> tally(List<Work> caught) {
        return Suite.works(Suite.TIMED).stream()
                .filter(ProveCheck::isSlowed)
                .map(work ->
                        "caught %d of %d times: %s".formatted(Collections.frequency(caught, work), SLOWED_RUNS, work))
                .toList();
    }

    /** Runs layer B, and says whether it ended as it should; the kernels that it found slower. */
    List<Work> expect(String name, Supplier<Child> child, boolean slowed) {
        out.println();
        out.println("== " + name);
        Check check = new Check(out, child);
        judge(name, slowed, check, check::judge);
        return check.slower();
    }

    /** A slowed run must find a slowed kernel slower: one that only fails, as a crash does, has caught nothing. */
    void judge(String name, boolean slowed, Check check, Supplier<String> layer) {
        int status = 0;
        String said;
        try {
            String doubt = layer.get();
            inconclusive += slowed || doubt.isEmpty() ? 0 : 1;
            said = doubt.isEmpty() ? "well" : "inconclusive: " + doubt;
        } catch (Failure failure) {
            status = failure.status();
            said = failure.getMessage();
        }
        boolean right = slowed ? check.slower().stream().anyMatch(ProveCheck::isSlowed) : status == 0;
        out.println("== " + name + ": status " + status + (right ? ", as it should be: " : ", WRONG: ") + said);
        if (!right) {
            wrong.add(name);
        }
    }

    private static boolean isSlowed(Work work) {
        return SLOWED.contains(work.kernel());
    }

    /** Threads that do nothing but keep cores busy. */
    private static final class Load implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        Load(int cores) {
            for (int i = 0; i < cores; i++) {
                Thread thread = new Thread(this::burn, "load");
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        int cores() {
            return threads.size();
        }

        private void burn() {
            while (!over) {
                Diagnostics.vectorBits();
            }
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
