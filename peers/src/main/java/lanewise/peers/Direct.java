package lanewise.peers;

import java.util.Arrays;
import java.util.ServiceLoader;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Ours;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;

/** Times one library alone, in a plain loop, outside the harness: what the races say of it must agree. */
public final class Direct {
    private static final long DURATION = 2_000_000_000;

    private Direct() {}

    /**
     * Prints the best and the median rate.
     *
     * @param args a peer and a piece of work: {@code openblas "sgemm NN:512x512x512 1"}
     */
    public static void main(String[] args) {
        Peer peer = ServiceLoader.load(Peer.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(args[0]))
                .findFirst()
                .orElseThrow();
        Work work = Work.parse(args[1]);
        try (Ours ours = Ours.prepare(work);
                Contender theirs = peer.prepare(work, ours.operands())) {
            double[] seconds = new double[100_000];
            int runs = 0;
            for (long end = System.nanoTime() + DURATION; System.nanoTime() < end && runs < seconds.length; runs++) {
                long start = System.nanoTime();
                theirs.run();
                seconds[runs] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(seconds, 0, runs);
            System.out.printf(
                    "%s\t%s\tbest %.2f GFLOP/s\tmedian %.2f GFLOP/s%n",
                    args[0], work, work.flops() / seconds[0] / 1e9, work.flops() / seconds[runs / 2] / 1e9);
        }
    }
}
