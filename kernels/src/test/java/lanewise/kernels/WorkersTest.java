package lanewise.kernels;

import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The time limits are for a pool that hangs; nothing here comes near them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyPartIsDoneOnce(int count) {
        try (Workers workers = Workers.of(count)) {
            AtomicIntegerArray done = new AtomicIntegerArray(count);
            for (int turn = 1; turn <= 100; turn++) {
                workers.run((part, parts) -> {
                    assertThat(parts).isEqualTo(count);
                    done.incrementAndGet(part);
                });
                for (int part = 0; part < count; part++) {
                    assertThat(done.get(part)).isEqualTo(turn);
                }
            }
        }
    }

    @Test
    void thePartsAreDoneByThreadsOfTheirOwn() {
        try (Workers workers = Workers.of(3)) {
            Thread[] threads = new Thread[3];
            runApart(workers, (part, parts) -> threads[part] = Thread.currentThread());
            assertThat(threads).doesNotHaveDuplicates();
            assertThat(threads[0]).isSameAs(Thread.currentThread());
            assertThat(threads[1].isDaemon()).isTrue();
            assertThat(threads[1].getName()).isEqualTo("lanewise-worker-1");
        }
    }

    /** More workers than cores, which sleep until they are woken: some of their parts the caller does before. */
    @Test
    void theCallerDoesWhatNoWorkerHasBegun() {
        try (Workers workers = Workers.of(4 * Runtime.getRuntime().availableProcessors())) {
            Thread caller = Thread.currentThread();
            AtomicInteger taken = new AtomicInteger();
            while (taken.get() == 0) {
                workers.run((part, parts) -> {
                    if (part > 0 && Thread.currentThread() == caller) {
                        taken.incrementAndGet();
                    }
                });
            }
        }
    }

    /** Plain memory goes both ways: in each turn every part reads what all parts and the caller wrote before it. */
    @ParameterizedTest
    @CsvSource({"1, 100000", "2, 100000", "3, 20000", "8, 10000"})
    void whatATurnWritesTheNextOneSees(int count, int turns) {
        try (Workers workers = Workers.of(count)) {
            int[][] states = {new int[count], new int[count]};
            int[] turn = new int[1];
            Workers.Task task = (part, parts) -> {
                int hash = turn[0];
                for (int other : states[turn[0] % 2]) {
                    hash = 31 * hash + other;
                }
                states[(turn[0] + 1) % 2][part] = hash + part;
            };
            int[] expected = new int[count];
            for (turn[0] = 0; turn[0] < turns; turn[0]++) {
                workers.run(task);
                int hash = turn[0];
                for (int other : expected) {
                    hash = 31 * hash + other;
                }
                for (int part = 0; part < count; part++) {
                    expected[part] = hash + part;
                }
            }
            assertThat(states[turns % 2]).isEqualTo(expected);
        }
    }

    /** Long enough pauses between the turns for every thread to park, short enough ones for some, and none. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 20_000, 100_000, 250_000, 1_000_000})
    void workersThatSleepAreWoken(long pause) {
        try (Workers workers = Workers.of(3)) {
            AtomicInteger done = new AtomicInteger();
            for (int turn = 1; turn <= 200; turn++) {
                long end = System.nanoTime() + pause;
                while (System.nanoTime() < end) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                workers.run((part, parts) -> done.incrementAndGet());
                assertThat(done.get()).isEqualTo(3 * turn);
            }
        }
    }

    @Test
    void aCallerThatSleepsIsWoken() {
        try (Workers workers = Workers.of(2)) {
            for (int turn = 0; turn < 100; turn++) {
                boolean[] done = new boolean[1];
                runApart(workers, (part, parts) -> {
                    if (part == 1) {
                        LockSupport.parkNanos(2_000_000);
                        done[0] = true;
                    }
                });
                assertThat(done[0]).isTrue();
            }
        }
    }

    @Test
    void idleWorkersCostNothing() throws InterruptedException {
        try (Workers workers = Workers.of(3)) {
            Thread[] threads = new Thread[3];
            runApart(workers, (part, parts) -> {
                threads[part] = Thread.currentThread();
                // An interrupt that a task leaves behind must not keep its worker from parking.
                threads[part].interrupt();
            });
            assertThat(Thread.interrupted()).isTrue();
            for (Thread thread : List.of(threads[1], threads[2])) {
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.sleep(1);
                }
                long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
                Thread.sleep(100);
                assertThat(ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()))
                        .isEqualTo(before);
            }
        }
    }

    /** Turn after turn, so that the workers come to the next one polling as well as from their sleep. */
    @Test
    void anInterruptThatATaskLeavesBehindDoesNotReachTheNext() {
        try (Workers workers = Workers.of(2)) {
            AtomicInteger reached = new AtomicInteger();
            for (int turn = 0; turn < 20_000; turn++) {
                runApart(workers, (part, parts) -> {
                    if (part == 1) {
                        reached.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(reached.get()).isZero();
        }
    }

    @Test
    void runAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        try (Workers workers = Workers.of(2)) {
            int[] done = new int[64];
            Workers.Task task = (part, parts) -> done[32 * part]++;
            for (int i = 0; i < 20_000; i++) {
                workers.run(task);
            }
            long before = threads.getThreadAllocatedBytes(self);
            for (int i = 0; i < 10_000; i++) {
                workers.run(task);
            }
            // The measurement itself allocates a little.
            assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(10_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theExceptionOfAPartReachesTheCaller(int failing) {
        try (Workers workers = Workers.of(3)) {
            AtomicInteger done = new AtomicInteger();
            RuntimeException failure = new IllegalStateException("part " + failing);
            for (int turn = 1; turn <= 50; turn++) {
                assertThatThrownBy(() -> workers.run((part, parts) -> {
                            if (part == failing) {
                                throw failure;
                            }
                            done.incrementAndGet();
                        }))
                        .isSameAs(failure);
                assertThat(done.get()).isEqualTo(2 * turn);
            }
            workers.run((part, parts) -> done.set(part));
            assertThat(done.get()).isBetween(0, 2);
        }
    }

    @Test
    void ofSeveralExceptionsTheLowestPartsIsThrown() {
        try (Workers workers = Workers.of(4)) {
            assertTheLowestPartsIsThrown(workers);
            workers.run((part, parts) -> assertTheLowestPartsIsThrown(workers));
            RuntimeException shared = new IllegalStateException("all parts");
            assertThatThrownBy(() -> workers.run((part, parts) -> {
                        throw shared;
                    }))
                    .isSameAs(shared);
        }
    }

    @Test
    void anErrorInsideATaskLeavesNoPartUndone() {
        try (Workers workers = Workers.of(3)) {
            workers.run((outer, n) -> {
                int[] done = new int[3];
                assertThatThrownBy(() -> workers.run((part, parts) -> {
                            done[part]++;
                            throw new StackOverflowError("part " + part);
                        }))
                        .hasMessage("part 0");
                assertThat(done).containsExactly(1, 1, 1);
            });
        }
    }

    @Test
    void aTaskIsNotHeldOnTo() {
        try (Workers workers = Workers.of(2)) {
            WeakReference<int[]> held = new WeakReference<>(runWithAnArray(workers));
            TestData.assertIsCollected(held);
        }
    }

    private static int[] runWithAnArray(Workers workers) {
        int[] done = new int[2];
        workers.run((part, parts) -> done[part]++);
        return done;
    }

    private static void assertTheLowestPartsIsThrown(Workers workers) {
        assertThatThrownBy(() -> workers.run((part, parts) -> {
                    if (part > 0) {
                        throw new IllegalStateException("part " + part);
                    }
                }))
                .hasMessage("part 1")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("part 2", "part 3"));
    }

    @Test
    void errorsAndCheckedExceptionsPassAsTheyAre() {
        for (Throwable failure : List.of(new StackOverflowError(), new IOException("disk"))) {
            for (int count = 1; count <= 2; count++) {
                try (Workers workers = Workers.of(count)) {
                    assertThatThrownBy(() -> workers.run((part, parts) -> WorkersTest.<Error>sneakily(failure)))
                            .isSameAs(failure);
                }
            }
        }
    }

    /** Wherever the stack of a caller ends, others are not kept waiting, and find the pool whole or closed. */
    @Test
    void aStackThatEndsInsideRunHangsNoOther() throws InterruptedException {
        Workers.Task nothing = (part, parts) -> {};
        for (int round = 0; round < 20; round++) {
            try (Workers workers = Workers.of(2)) {
                // What it takes is loaded here, and not where there is no room for that.
                workers.run(nothing);
                int[] left = {200};
                Thread deep = new Thread(null, () -> runAtTheEndOfTheStack(workers, nothing, left), "deep", 256 << 10);
                deep.start();
                deep.join();
                AtomicInteger done = new AtomicInteger();
                try {
                    for (int turn = 1; turn <= 100; turn++) {
                        workers.run((part, parts) -> done.incrementAndGet());
                        assertThat(done.get()).isEqualTo(2 * turn);
                    }
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessage("the workers are closed");
                }
            }
        }
    }

    /** Calls itself until the stack ends, and on the way back runs a task each time, with a little more of it left. */
    private static void runAtTheEndOfTheStack(Workers workers, Workers.Task task, int[] left) {
        try {
            runAtTheEndOfTheStack(workers, task, left);
        } catch (StackOverflowError e) {
            // Its end.
        }
        if (left[0]-- > 0) {
            try {
                workers.run(task);
            } catch (StackOverflowError | IllegalStateException e) {
                // Too little was left, now or before.
            }
        }
    }

    /** Each part on its own thread: the caller begins when all workers have. */
    private static void runApart(Workers workers, Workers.Task task) {
        AtomicInteger begun = new AtomicInteger();
        workers.run((part, parts) -> {
            begun.incrementAndGet();
            while (part == 0 && begun.get() < parts) {
                Thread.onSpinWait();
            }
            task.run(part, parts);
        });
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakily(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void eightCallersTakeTurns() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (Workers workers = Workers.of(3)) {
            int[] inside = new int[1];
            List<Future<Integer>> results = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            for (int caller = 0; caller < 8; caller++) {
                int id = caller;
                results.add(callers.submit(() -> {
                    start.await();
                    int[] mine = new int[3];
                    for (int turn = 1; turn <= 2_000; turn++) {
                        boolean fails = turn % 100 == id;
                        try {
                            workers.run((part, parts) -> {
                                mine[part]++;
                                if (part == 0) {
                                    // Only the turn keeps these two apart from another caller's.
                                    inside[0]++;
                                }
                                if (fails && part == 2) {
                                    throw new IllegalStateException("caller " + id);
                                }
                            });
                            assertThat(fails).isFalse();
                        } catch (IllegalStateException e) {
                            assertThat(e).hasMessage("caller " + id);
                            assertThat(fails).isTrue();
                        }
                        assertThat(mine).containsOnly(turn);
                    }
                    return mine[2];
                }));
            }
            start.countDown();
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(2_000);
            }
            assertThat(inside[0]).isEqualTo(16_000);
        } finally {
            callers.shutdownNow();
        }
    }

    /** Each caller has a kernel of its own, whose columns, rows, rows of sums and rows of softmax the workers share. */
    @Test
    void theKernelsOfSeveralCallersKeepTheirBits() throws Exception {
        List<Function<Workers, float[]>> kernels = List.of(
                workers -> product(workers, 24, 260, 170),
                workers -> product(workers, 260, 24, 170),
                workers -> product(workers, 520, 10, 104),
                WorkersTest::softmax);
        ExecutorService callers = Executors.newFixedThreadPool(kernels.size());
        try (Workers workers = Workers.of(3)) {
            List<Future<?>> results = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            for (Function<Workers, float[]> kernel : kernels) {
                float[] alone = kernel.apply(Workers.serial());
                results.add(callers.submit(() -> {
                    start.await();
                    for (int turn = 0; turn < 20; turn++) {
                        assertThat(Arrays.equals(kernel.apply(workers), alone)).isTrue();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static float[] product(Workers workers, int m, int n, int k) {
        float[] a = uniform(m, m * k, 1);
        float[] b = uniform(n, k * n, 1);
        float[] c = new float[m * n];
        Sgemm.sgemm(workers, Transpose.N, Transpose.N, m, n, k, 1, a, 0, k, b, 0, n, 0, c, 0, n);
        return c;
    }

    private static float[] softmax(Workers workers) {
        float[] x = uniform(5, 300 * 100, 9);
        float[] y = new float[x.length];
        workers.run((part, parts) -> {
            int from = Workers.start(300, part, parts);
            int rows = Workers.start(300, part + 1, parts) - from;
            Softmax.softmax(rows, 100, x, 100 * from, 100, y, 100 * from, 100);
        });
        return y;
    }

    @Test
    void aTaskMayRunAnother() {
        try (Workers workers = Workers.of(3)) {
            int[][] done = new int[3][3];
            workers.run((outer, n) -> {
                Thread self = Thread.currentThread();
                workers.run((inner, m) -> {
                    assertThat(Thread.currentThread()).isSameAs(self);
                    assertThat(m).isEqualTo(3);
                    done[outer][inner]++;
                });
            });
            assertThat(done).isDeepEqualTo(new int[][] {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}});
        }
    }

    @Test
    void anInterruptedCallerWaitsAndStaysInterrupted() {
        try (Workers workers = Workers.of(2)) {
            boolean[] done = new boolean[1];
            Thread.currentThread().interrupt();
            runApart(workers, (part, parts) -> {
                if (part == 1) {
                    LockSupport.parkNanos(20_000_000);
                    done[0] = true;
                }
            });
            assertThat(Thread.interrupted()).isTrue();
            assertThat(done[0]).isTrue();
        }
    }

    @Test
    void aPermitLeftOverDoesNotEndTheWait() {
        try (Workers workers = Workers.of(2)) {
            for (int turn = 0; turn < 50; turn++) {
                boolean[] done = new boolean[1];
                LockSupport.unpark(Thread.currentThread());
                runApart(workers, (part, parts) -> {
                    LockSupport.unpark(Thread.currentThread());
                    if (part == 1) {
                        LockSupport.parkNanos(1);
                        LockSupport.parkNanos(1_000_000);
                        done[0] = true;
                    }
                });
                assertThat(done[0]).isTrue();
            }
        }
    }

    @Test
    void closingEndsTheThreadsAndTwiceIsOnce() throws InterruptedException {
        Workers workers = Workers.of(3);
        Thread[] threads = new Thread[3];
        runApart(workers, (part, parts) -> threads[part] = Thread.currentThread());
        workers.close();
        workers.close();
        threads[1].join(TimeUnit.SECONDS.toMillis(60));
        threads[2].join(TimeUnit.SECONDS.toMillis(60));
        assertThat(threads[1].isAlive() || threads[2].isAlive()).isFalse();
        assertThatThrownBy(() -> workers.run((part, parts) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the workers are closed");
    }

    @Test
    void closingWaitsForATurnThatRuns() throws InterruptedException {
        Workers workers = Workers.of(2);
        CountDownLatch inside = new CountDownLatch(2);
        AtomicInteger done = new AtomicInteger();
        Thread caller = new Thread(() -> workers.run((part, parts) -> {
            inside.countDown();
            LockSupport.parkNanos(50_000_000);
            done.incrementAndGet();
        }));
        caller.start();
        inside.await();
        workers.close();
        assertThat(done.get()).isEqualTo(2);
        caller.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aTaskCannotCloseItsWorkers(int closing) {
        try (Workers workers = Workers.of(2)) {
            assertThatThrownBy(() -> workers.run((part, parts) -> {
                        if (part == closing) {
                            workers.close();
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a task cannot close the workers that run it");
            assertThatCode(() -> workers.run((part, parts) -> {})).doesNotThrowAnyException();
        }
    }

    @Test
    void theSerialPoolIsTheCallerAloneAndNeverCloses() {
        Workers.serial().close();
        Thread[] thread = new Thread[1];
        Workers.serial().run((part, parts) -> {
            assertThat(part).isZero();
            assertThat(parts).isOne();
            thread[0] = Thread.currentThread();
        });
        assertThat(thread[0]).isSameAs(Thread.currentThread());
        assertThat(Workers.of(1)).isSameAs(Workers.serial());
    }

    @Test
    void partsShareThingsOutEvenly() {
        for (int n : new int[] {0, 1, 7, 8, 100, Integer.MAX_VALUE}) {
            for (int parts = 1; parts <= 9; parts++) {
                assertThat(Workers.start(n, 0, parts)).isZero();
                assertThat(Workers.start(n, parts, parts)).isEqualTo(n);
                for (int part = 0; part < parts; part++) {
                    int size = Workers.start(n, part + 1, parts) - Workers.start(n, part, parts);
                    assertThat(size - n / parts).isBetween(0, 1);
                }
            }
        }
    }

    @Test
    void argumentsAreChecked() {
        assertThatThrownBy(() -> Workers.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count is less than 1: 0");
        try (Workers workers = Workers.of(2)) {
            assertThatThrownBy(() -> workers.run(null)).isInstanceOf(NullPointerException.class);
        }
    }
}
