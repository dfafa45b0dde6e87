package lanewise.benchmarks.ladder;

import lanewise.benchmarks.race.Work;

/** A way to multiply two matrices. */
interface MatmulStep extends Step {
    /** C = A B, where A is m x k, B is k x n and C is m x n, row after row without gaps, and no size is 0. C is only written. */
    void multiply(int m, int n, int k, float[] a, float[] b, float[] c);

    @Override
    default Trial on(Work work) {
        return new MatmulTrial(this, work);
    }
}
