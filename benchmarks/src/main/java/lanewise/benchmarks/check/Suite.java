package lanewise.benchmarks.check;

import java.util.List;
import java.util.stream.Stream;
import lanewise.benchmarks.race.Work;

/**
 * What the check looks at. Everything takes less than a millisecond, and all but {@code sgemm TN:784x100x400} with its 1.7 MB
 * stays within an L2 of 1 MB, so that a neighbour takes time from it but does not change how fast it runs.
 */
final class Suite {
    /**
     * One piece of work.
     *
     * @param work what to do
     * @param floor how many times the scalar backend SIMD must be at the very least: far below what it is, far above the
     *     hundredth that vectors on the heap leave; 0 where only allocation is watched
     */
    record Entry(Work work, double floor) {}

    /** Raced against the ruler, and held against the baseline. */
    static final List<Entry> TIMED = List.of(
            entry("sgemm NN:64x64x64 1", 4),
            entry("sgemm NN:256x256x256 1", 4),
            entry("sgemm NN:100x784x10 1", 4),
            entry("sgemm TN:784x100x400 1", 4),
            entry("fused-sgemm-bias-relu 96x256x64x90 1", 4),
            entry("fused-sgemm-sgd-step 96x256x64x90 1", 4),
            entry("softmax 1000x10 1", 2),
            entry("softmax 100x1000 1", 2),
            entry("exp 4096 1", 2),
            entry("cross-entropy-gradient 100x10 1", 2),
            entry("patches-logits 100x784x10 1", 2),
            entry("patches-gradient 100x784x10 1", 2),
            entry("sparse-rows-logits 100x500x50x10 1", 1.5),
            entry("sparse-rows-gradient 100x500x50x10 1", 1),
            entry("train-step 100x784x10 1", 2));

    /**
     * Too simple to be timed against scalar loops, which the compiler vectorises by itself, or timed above as a part of
     * something else: only that they neither allocate nor crawl.
     */
    static final List<Entry> WATCHED = List.of(
            entry("cross-entropy-loss 100x10 1", 1),
            entry("cross-entropy-loss-and-gradient 100x10 1", 1.5),
            entry("cross-entropy-errors 100x10 1", 0.2),
            entry("cross-entropy-loss-by-class 100x10 1", 1),
            entry("cross-entropy-gradient-by-class 100x10 1", 2),
            entry("cross-entropy-loss-and-gradient-by-class 100x10 1", 1.5),
            entry("cross-entropy-errors-by-class 100x10 1", 1),
            entry("sum-of-squares 4096 1", 0.2),
            entry("log-softmax 1000x10 1", 1.5),
            entry("log-sum-exp 1000x10 1", 1.5),
            entry("bias-add 100x400 1", 0.2),
            entry("bias-gradient 100x400 1", 0.2),
            entry("relu-forward 100x400 1", 0.2),
            entry("relu-backward 100x400 1", 0.2),
            entry("sgd-step 784x10 1", 0.2),
            entry("sgd-momentum-step 784x10 1", 0.2),
            entry("sgd-step-and-clear 784x10 1", 0.2),
            entry("axpy 4096 1", 0.2),
            entry("scal 4096 1", 0.2),
            entry("dot 4096 1", 0.2),
            entry("predict 100x784x10 1", 1.5),
            entry("fused-sgemm-bias-relu 96x256x64x0 1", 4),
            entry("fused-sgemm-sgd-step 96x256x64x0 1", 4),
            entry("pixels-widen 100x784x10 1", 0.2),
            entry("pixels-logits 100x784x10 1", 2),
            entry("pixels-gradient 100x784x10 1", 2),
            entry("sparse-rows-gradient 100x500x50x2 1", 0.2),
            // How much faster two threads are depends on who else has the cores: only that they do not allocate.
            entry("sgemm NN:256x256x256 2", 0),
            entry("train-step 100x784x10 2", 0));

    /** Held against the floors. */
    static final List<Entry> FLOORED = Stream.concat(TIMED.stream(), WATCHED.stream())
            .filter(entry -> entry.floor() > 0)
            .toList();

    private Suite() {}

    /** What some of them do. */
    static List<Work> works(List<Entry> entries) {
        return entries.stream().map(Entry::work).toList();
    }

    private static Entry entry(String work, double floor) {
        return new Entry(Work.parse(work), floor);
    }
}
