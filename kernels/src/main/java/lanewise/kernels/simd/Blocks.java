package lanewise.kernels.simd;

/**
 * The block sizes of sgemm, one table. No bit of a result depends on them.
 *
 * <pre>
 *            NR = 2 vectors                   registers      MR x NR accumulators + 2 of B + 1 of A
 *          +---+---+---+                      L1             a tile of A, MR x KC, while a strip of B goes by
 *       KC | B |   |   |  packed strips       L2             a strip of B, KC x NR, and a block of A, MC x KC
 *          +---+---+---+                      L3             a panel of B, KC x NC
 *    KC      NR
 *  +----+  +---+---+---+
 *  | A  |  | C |   |   |  MR rows a tile
 *  +----+  +---+---+---+
 * </pre>
 *
 * <p>Each can be overridden for experiments: {@code -Dlanewise.sgemm.kc=512}, {@code mc}, {@code nc}.
 */
final class Blocks {
    /** Rows of a tile: 24 accumulators fit 32 registers (AVX-512, AArch64), 12 fit 16 (AVX2). */
    static final int MR = Species.REGISTERS >= 32 ? 12 : 6;

    /** Columns of a tile and of a packed strip of B: two vectors hide the latency of 4 cycles from four rows on. */
    static final int NR = 2 * Species.LANES;

    /** Steps of k a tile takes at once: MR x KC floats are 24 KB, which leaves L1 room for the strip passing through. */
    static final int KC = Integer.getInteger("lanewise.sgemm.kc", 512);

    /** Distance of the packed rows of A: not a power of two, so that the rows of a tile fall into different L1 sets. */
    static final int PITCH = KC + 16;

    /** Rows of A packed at once: MC x KC floats are 480 KB, half of an L2 of 1 MB. */
    static final int MC = Integer.getInteger("lanewise.sgemm.mc", 240);

    /** Columns of B packed at once: KC x NC floats are 8 MB of L3. */
    static final int NC = Integer.getInteger("lanewise.sgemm.nc", 4096);

    /** From this many rows of C on, packing B repays itself even where B could be read as it stands. */
    static final int PACK_FROM_ROWS = Integer.getInteger("lanewise.sgemm.packFromRows", 240);

    /** Multiply-adds that one thread does, in 20 microseconds, before another has even fetched what it needs of B. */
    static final int WORTH_SHARING = 1 << 20;

    private Blocks() {}

    /** The tallest tile for what is left of the rows. */
    static int height(int rows) {
        if (rows >= MR) {
            return MR;
        }
        return rows >= 10 ? 10 : rows >= 6 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
    }
}
