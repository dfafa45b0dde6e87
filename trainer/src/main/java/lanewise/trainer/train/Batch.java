package lanewise.trainer.train;

/** The rows that a step is at, and their part in it. It is filled again for the next ones, since a step allocates nothing. */
final class Batch {
    /** The order of the rows of the block, or null for that in which they are. */
    int[] order;

    /** The first row, as counted in the order. */
    int first;

    /** How many rows, at most the capacity of the step. */
    int rows;

    /** What their loss is multiplied by: 1 / the rows of the step. */
    float scale;

    /** The learning rate of the step. */
    float learningRate;

    /** Whether they are the first of the step, so that the gradient starts from 0. */
    boolean opens;

    /** Whether they are the last of the step, so that the weights are updated. */
    boolean closes;

    /** The first rows of a block as a step of their own. */
    static Batch whole(int rows, float learningRate) {
        Batch batch = new Batch();
        batch.rows = rows;
        batch.scale = 1f / rows;
        batch.learningRate = learningRate;
        batch.opens = true;
        batch.closes = true;
        return batch;
    }

    /** Which row of the block a row of the batch is. */
    int row(int i) {
        return order == null ? first + i : order[first + i];
    }
}
