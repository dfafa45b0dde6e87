package lanewise.kernels.simd;

/** The fixed tree by which the sixteen lanes of a sum are added, at every vector width. */
final class LaneSum {
    private LaneSum() {}

    /** Lanes l and l + 8, then l and l + 4, l and l + 2, l and l + 1. */
    static float tree(float[] x, int at) {
        float s0 = (x[at] + x[at + 8]) + (x[at + 4] + x[at + 12]);
        float s1 = (x[at + 1] + x[at + 9]) + (x[at + 5] + x[at + 13]);
        float s2 = (x[at + 2] + x[at + 10]) + (x[at + 6] + x[at + 14]);
        float s3 = (x[at + 3] + x[at + 11]) + (x[at + 7] + x[at + 15]);
        return (s0 + s2) + (s1 + s3);
    }
}
