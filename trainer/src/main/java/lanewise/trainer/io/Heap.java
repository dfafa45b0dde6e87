package lanewise.trainer.io;

import static lanewise.trainer.ExitCode.NO_MEMORY;

import java.nio.file.Path;
import java.util.function.LongUnaryOperator;
import lanewise.trainer.LanewiseException;

/** Predicts whether an input fits the heap, so that a run that cannot succeed does not start. */
public final class Heap {
    /** The longest array that every JVM gives. */
    public static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private static final long MIB = 1 << 20;

    private Heap() {}

    /**
     * How long an array is that holds a batch of rows.
     *
     * @param rows how many rows
     * @param width how many values a row has
     * @param values what they are
     * @return their product
     * @throws IllegalArgumentException if that is longer than an array can be
     */
    public static int batch(int rows, int width, String values) {
        if ((long) rows * width > LONGEST_ARRAY) {
            throw new IllegalArgumentException(
                    "a batch of " + rows + " rows of " + width + " " + values + " is larger than an array can be");
        }
        return rows * width;
    }

    /**
     * Whether an input fits.
     *
     * @param bytes all that it takes
     * @param longestArray the length of its longest array
     * @return false if the run would run out of memory
     */
    public static boolean fits(long bytes, long longestArray) {
        return needed(bytes) <= Runtime.getRuntime().maxMemory() && longestArray <= LONGEST_ARRAY;
    }

    /**
     * The failure to throw when an input does not fit; a damaged input is to be told first, since no heap would help.
     *
     * @param bytes all that it takes
     * @param longestArray the length of its longest array
     * @param input the file or folder
     * @return the failure
     */
    public static LanewiseException shortage(long bytes, long longestArray, Path input) {
        if (longestArray > LONGEST_ARRAY) {
            return new LanewiseException(NO_MEMORY, "too large for one array")
                    .in(input)
                    .expected("at most " + LONGEST_ARRAY + " values", longestArray);
        }
        return shortage(bytes, "").in(input);
    }

    /**
     * The failure to throw when a run does not fit.
     *
     * @param bytes all that it takes
     * @param what what does not fit, with a space behind, or nothing where the file says it
     * @return the failure
     */
    public static LanewiseException shortage(long bytes, String what) {
        return shortage(heap -> bytes, what);
    }

    /**
     * The failure to throw when a run does not fit that would take more of a larger heap. It asks for one that is enough for
     * that too.
     *
     * @param bytes all that it takes of a heap of so many bytes: no less of a larger one, and not without end
     * @param what what does not fit, with a space behind
     * @return the failure
     */
    public static LanewiseException shortage(LongUnaryOperator bytes, String what) {
        long most = Runtime.getRuntime().maxMemory();
        long needed;
        long asked = most;
        long heap;
        do {
            heap = asked;
            needed = (needed(bytes.applyAsLong(heap)) + MIB - 1) / MIB;
            // Some collectors keep a part of -Xmx to themselves.
            asked = (needed + needed / 8) * MIB;
        } while (asked > heap);
        return new LanewiseException(NO_MEMORY, what + "does not fit the heap")
                .expected("at most " + most / MIB + " MiB", needed + " MiB")
                .hint("Run with JDK_JAVA_OPTIONS=-Xmx" + asked / MIB + "m.");
    }

    /**
     * The failure to throw when there are more of something than an int can count.
     *
     * @param what of what, such as rows
     * @return the failure
     */
    public static LanewiseException tooMany(String what) {
        return new LanewiseException(NO_MEMORY, "too many " + what).expected("at most " + Integer.MAX_VALUE, "more");
    }

    /** The serial and the parallel collector give arrays that live long two thirds of the heap; the rest is for the run. */
    private static long needed(long bytes) {
        return bytes + bytes / 2 + 16 * MIB;
    }
}
