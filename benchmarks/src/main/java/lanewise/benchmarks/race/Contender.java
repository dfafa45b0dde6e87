package lanewise.benchmarks.race;

/** One piece of work with its operands in place, ready to be done again and again by one implementation. */
public interface Contender extends Runnable, AutoCloseable {
    /** Does the work once: overwrites the result, or, for an epoch, trains on from where the last one ended. */
    @Override
    void run();

    /**
     * What the work made, to be held against another contender's: C of a product as [m][n], the rows of softmax, the
     * exponentials; of an epoch the weights of its first layer as [pixels][outputs].
     *
     * @return a copy or the array itself; empty if it cannot be compared and the contender has held it against the data
     */
    float[] result();

    /** Ends threads and frees what does not go by itself. */
    @Override
    default void close() {}
}
