package lanewise.benchmarks.ladder;

import lanewise.benchmarks.race.Work;

/** A way to compute softmax by row. */
interface SoftmaxStep extends Step {
    /** y = e^(x - max) / sum e^(x - max) for each row; rows follow each other without gaps, none is empty. */
    void softmax(int rows, int cols, float[] x, float[] y);

    @Override
    default Trial on(Work work) {
        return new SoftmaxTrial(this, work);
    }
}
