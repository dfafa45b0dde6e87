package lanewise.kernels.simd;

/** What a fused product does with each finished tile, instead of storing it. */
interface SgemmEpilogue {
    /**
     * Each element comes once.
     *
     * @param row the row of C that the tile begins with
     * @param col its first column
     */
    void finish(int row, int col, int rows, int cols, float[] tile, int tileAt, int ldTile);
}
