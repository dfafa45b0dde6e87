package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.NO_MEMORY;

import java.nio.file.Path;
import lanewise.trainer.LanewiseException;

/** Predicts whether data fit the heap, so that a run that cannot succeed does not start. */
final class Heap {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final long MIB = 1 << 20;

    /** What a run needs beside its data. */
    private static final long REST = 16 * MIB;

    private Heap() {}

    /**
     * Holds the files against the heap: each item becomes a byte and a float or int. That a file is damaged is said
     * first, since no heap would help it.
     */
    static void require(Path source, IdxFile... files) {
        long limit = Runtime.getRuntime().maxMemory();
        long needed = REST;
        long largest = 0;
        for (IdxFile file : files) {
            needed += 5 * file.items();
            largest = Math.max(largest, file.items());
        }
        if (needed <= limit && largest <= LARGEST_ARRAY) {
            return;
        }
        for (IdxFile file : files) {
            file.verify();
        }
        if (largest > LARGEST_ARRAY) {
            throw new LanewiseException(NO_MEMORY, "too large for one array")
                    .in(source)
                    .expected("at most " + LARGEST_ARRAY + " values", largest);
        }
        long mib = (needed + MIB - 1) / MIB;
        throw new LanewiseException(NO_MEMORY, "the data do not fit the heap")
                .in(source)
                .expected("at most " + limit / MIB + " MiB", mib + " MiB")
                .hint("Run with JDK_JAVA_OPTIONS=-Xmx" + mib + "m.");
    }
}
