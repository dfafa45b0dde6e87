package lanewise.benchmarks.race;

/** A library that can do some of the work too; found as a service. */
public interface Peer {
    /**
     * Its name in the table.
     *
     * @return such as {@code openblas}
     */
    String name();

    /**
     * Prepares a piece of work. The process has been started with as many threads as it asks for.
     *
     * @param work what to do
     * @param operands the operands of ours, which are not to be changed: A and B of a product, row-major, without gaps, A as
     *     [m][k] or, transposed, [k][m], B as [k][n] or [n][k]; X of exp and softmax. None for an epoch: it starts from
     *     zeros, or for a network from the weights here, layer by layer as [inputs][outputs]
     * @return null if the library has no such operation
     */
    Contender prepare(Work work, float[]... operands);
}
